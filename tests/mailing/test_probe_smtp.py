"""The command, started as a program."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mailing import servers
from tests.mailing.servers import CA_PEM, Mailbox, Park

ROOT = Path(__file__).resolve().parents[2]


def run(tmp_path: Path, port: int, *, private: bool = True, **over: str) -> tuple[int, dict]:
    password = over.pop("password", "geheim")
    ca = tmp_path / "ca.pem"
    ca.write_text(CA_PEM)
    options = {"host": "localhost", "port": str(port), "security": "starttls", "user": "me@localhost"} | over
    line = [part for name, value in options.items() for part in (f"--{name}", value)]
    environment = os.environ | {"OPTAMED_DATA_DIR": str(tmp_path / "data"), "SSL_CERT_FILE": str(ca)}
    environment["OPTAMED_ALLOW_PRIVATE_MAIL"] = "1" if private else ""
    ended = subprocess.run(
        [sys.executable, "manage.py", "probe_smtp", *line, "--password-stdin", "--json"],
        cwd=ROOT,
        env=environment,
        input=f"{password}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout, ended.stderr
    return ended.returncode, json.loads(ended.stdout)


@pytest.mark.parametrize(("security", "mode"), [("starttls", "starttls"), ("tls", "tls")])
def test_a_good_mailbox_ends_with_zero(park: Park, tmp_path: Path, security: str, mode: str) -> None:
    box = Mailbox()
    port = park.start(box, mode=mode)

    status, said = run(tmp_path, port, security=security)

    assert status == 0
    assert said["ok"] is True
    assert (said["key"], said["stage"]) == ("ok", "done")
    assert box.taken == []


def test_a_wrong_password_ends_with_one_and_advice(park: Park, tmp_path: Path) -> None:
    status, said = run(tmp_path, park.start(), password="sesam-1234")

    assert status == 1
    assert (said["ok"], said["key"], said["stage"]) == (False, "auth.bad_credentials", "auth")
    assert "password" in said["advice"]
    assert "sesam" not in json.dumps(said)


def test_a_password_with_umlauts_comes_through_standard_input(park: Park, tmp_path: Path) -> None:
    status, _said = run(tmp_path, park.start(), user="ü@localhost", password="Zürich-8001", sender="me@localhost")

    assert status == 0


def test_a_certificate_of_a_stranger_is_refused(park: Park, tmp_path: Path) -> None:
    _status, said = run(tmp_path, park.start(tls=servers.STRANGER))

    assert said["key"] == "tls.unknown_ca"


def test_private_networks_are_refused_without_the_permission(tmp_path: Path) -> None:
    status, said = run(tmp_path, 587, private=False)

    assert status == 1
    assert (said["key"], said["stage"]) == ("policy.private_address", "policy")
