"""Test a mailbox from the command line, as the settings page does: nothing is sent, nothing is stored."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mailing import presets, smtp_reach
from mailing.advice import advice, as_sentence
from mailing.probe import Result, probe
from mailing.smtp_dialogue import Login, Server


class Command(BaseCommand):
    """Exit status 0 when mail can be sent, 1 when it cannot."""

    help = "Tests the sign-in to a mail server; nothing is sent."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Server, user name, and whether the password comes by standard input."""
        parser.add_argument("--host", required=True)
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--security", choices=["tls", "starttls"], required=True)
        parser.add_argument("--user", required=True)
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--sender", default="", help="the sender's address, if it is not the user name")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, print, and end with the status."""
        server = Server(options["host"], options["port"], options["security"])
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else ""
        sender = options["sender"] or (options["user"] if "@" in options["user"] else "")
        reach = smtp_reach.reach_for(private=settings.ALLOW_PRIVATE_MAIL)
        result = probe(server, Login(options["user"], password), sender=sender, reach=reach)
        self.stdout.write(_as_json(result, server) if options["as_json"] else _as_text(result, server))
        if not result.ok:
            sys.exit(1)


def _advice(result: Result, server: Server) -> str:
    return as_sentence(advice(result.key, preset=presets.preset_of_host(server.host).key))


def _as_json(result: Result, server: Server) -> str:
    said = {"ok": result.ok, "key": result.key, "stage": result.stage, "advice": _advice(result, server)}
    more = {"code": result.code, "enhanced": result.enhanced, "server": result.server, "ms": result.ms}
    return json.dumps(said | more, ensure_ascii=False)


def _as_text(result: Result, server: Server) -> str:
    words = [_advice(result, server), result.server]
    return "\n".join(word for word in words if word)
