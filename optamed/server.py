"""One process for everything: waitress for the pages, huey for the background, and the outbox's own clock.

Imported after ``django.setup()``, by the launcher.
"""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from django.urls import get_resolver
from huey.consumer import Consumer

from optamed import schedule
from optamed.core import pdf, process
from optamed.core.jobs import queue
from optamed.practice import first_run
from optamed.practice.models import User

log = logging.getLogger(__name__)

THREADS = 8
GOODBYE = 8.0  # seconds that running requests have to finish


def _fresh_connections(_task: object) -> None:
    """A worker's own are looked after; a task that runs at once (in tests) lives on its caller's."""
    if not queue.immediate:
        close_old_connections()


queue.pre_execute("connections")(_fresh_connections)


class QuietConsumer(Consumer):  # type: ignore[misc]
    """huey without its signal handlers: signals are the server's."""

    def _set_signal_handlers(self) -> None:
        pass


class Clock(threading.Thread):
    """Asks every few seconds for what cannot wait for the minute: a mail leaves soon after its grace."""

    def __init__(self, ask: Callable[[], None], *, every: float = 3.0) -> None:
        super().__init__(name="clock", daemon=True)
        self.ask, self.every, self.ended = ask, every, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(self.every):
            close_old_connections()
            self.ask()
        connections.close_all()


def run(listening: socket.socket, *, ready: Callable[[str], None]) -> int:
    """Serve until a signal or "Quit", on a socket that is bound already.

    ``ready`` is called once pages can be asked for, with the token of the first run (empty: the practice is set up).
    """
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018  a page that cannot be imported is a failed start, not an error later
    token = "" if User.objects.exists() else first_run.make(settings.FIRST_RUN_TOKEN_FILE)
    server = waitress.create_server(
        application, sockets=[listening], threads=THREADS, clear_untrusted_proxy_headers=True, ident=None
    )
    stopping = _stop_on_signals(server)
    background = _start_background()
    try:
        ready(token)
        serve(server, stopping)
    finally:
        process.when_asked_to_stop(None)
        background()
        connections.close_all()
        log.info("stopped")
    return 0


def serve(server: Any, stopping: threading.Event, *, goodbye: float = GOODBYE) -> None:
    """Answer until ``stopping`` is set; then take no new visitor, and give running requests ``goodbye`` seconds."""
    while not stopping.is_set():
        _turn(server, 1.0)
    server.accepting = False
    server.socket.close()
    server.del_channel()
    leave_at = time.monotonic() + goodbye
    while time.monotonic() < leave_at and any(_is_busy(channel) for channel in list(server.active_channels.values())):
        _turn(server, 0.1)
    server.task_dispatcher.shutdown(timeout=1)


def _turn(server: Any, seconds: float) -> None:
    channels = server._map  # noqa: SLF001  waitress has no public loop of one turn
    server.asyncore.loop(timeout=seconds, map=channels, use_poll=server.adj.asyncore_use_poll, count=1)


def _is_busy(channel: Any) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)


def _stop_on_signals(server: Any) -> threading.Event:
    stopping = threading.Event()

    def stop() -> None:
        stopping.set()
        server.pull_trigger()  # wakes the loop

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop()

    for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):  # a closed window is SIGHUP, or SIGBREAK on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), on_signal)
    process.when_asked_to_stop(stop)
    return stopping


def _start_background() -> Callable[[], None]:
    """Start what works beside the pages; the answer ends it."""
    # huey naps for 10 s otherwise; locks that a kill left are flushed.
    consumer = QuietConsumer(queue, workers=2, max_delay=0.5, shutdown_timeout=10, flush_locks=True)
    worker = threading.Thread(target=consumer.run, name="background", daemon=True)
    clock = Clock(schedule.send_due_mail)
    warm_up = threading.Thread(target=pdf.warm_up, name="warm-up", daemon=True)
    for thread in (worker, clock, warm_up):
        thread.start()

    def end() -> None:
        clock.ended.set()
        consumer.stop(graceful=True)
        worker.join(timeout=1)
        clock.join(timeout=10)  # a mail that is being sent is sent to its end

    return end
