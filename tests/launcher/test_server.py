"""Running requests are finished before the program stops, and the outbox's clock goes on after a fault."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest
import waitress

from optamed import server
from optamed.core import process

LENGTH = 0.6  # seconds that the slow page takes


def slow_page(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    time.sleep(LENGTH)
    start_response("200 OK", [("Content-Length", "4")])
    return [b"done"]


@contextmanager
def serving(goodbye: float) -> Iterator[tuple[int, threading.Event, threading.Thread]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        waitress_server = waitress.create_server(slow_page, sockets=[listening], threads=2)
        stopping = threading.Event()
        loop = threading.Thread(target=server.serve, args=(waitress_server, stopping), kwargs={"goodbye": goodbye})
        loop.start()
        yield port, stopping, loop
        stopping.set()
        loop.join()
        for channel in list(waitress_server.active_channels.values()):
            channel.close()
        waitress_server.trigger.close()


def test_a_running_request_is_answered_while_the_program_stops() -> None:
    with serving(goodbye=5) as (port, stopping, loop), closing(HTTPConnection("127.0.0.1", port)) as visitor:
        visitor.request("GET", "/")
        time.sleep(LENGTH / 3)

        stopping.set()
        answer = visitor.getresponse().read()

        assert answer == b"done"
        loop.join(timeout=3)
        assert not loop.is_alive()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()


def test_quit_stops_what_said_how() -> None:
    stopped = threading.Event()
    process.when_asked_to_stop(stopped.set)

    asked = process.ask_to_stop(after=0.01)

    process.when_asked_to_stop(None)
    assert asked
    assert stopped.wait(5)


def test_quit_means_nothing_without_a_server() -> None:
    assert not process.can_stop()
    assert not process.ask_to_stop()


def test_the_clock_asks_again_and_again_until_it_is_ended() -> None:
    asked = threading.Semaphore(0)
    clock = server.Clock(asked.release, every=0.01)
    clock.start()

    twice = asked.acquire(timeout=5) and asked.acquire(timeout=5)
    clock.ended.set()
    clock.join(timeout=5)

    assert twice
    assert not clock.is_alive()
