"""Where a mail connection may go: which ports, which networks, and the addresses of a server, looked up once.

A test of typed settings must not become a way to look around in the practice's network, so each address is checked
before it is used and the connection goes to exactly that address (no second look-up).
"""

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from typing import Literal

from mailing.smtp_answers import Trouble

Networks = Literal["public", "loopback", "any"]
Address = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]
SUBMISSION_PORTS = frozenset({465, 587, 2525})
BRIDGE_PORTS = frozenset({1025})
NOT_A_HOST = re.compile(r"[\s\x00-\x1f\x7f@/:\\\[\]]")
LOOKUP_SECONDS = 6.0
LONGEST_NAME = 253  # RFC 1035
PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Reach:
    """Ports (None: any) and networks a connection may use."""

    ports: frozenset[int] | None
    networks: Networks


INTERNET = Reach(SUBMISSION_PORTS, "public")
BRIDGE = Reach(BRIDGE_PORTS, "loopback")  # Proton's bridge runs on the same computer
ANYWHERE = Reach(None, "any")


def reach_for(*, private: bool, bridge: bool = False) -> Reach:
    """What is allowed. `private` (OPTAMED_ALLOW_PRIVATE_MAIL) opens private networks and all ports, for own servers."""
    if private:
        return ANYWHERE
    return BRIDGE if bridge else INTERNET


def ascii_host(host: str) -> str:
    """The server's name as DNS wants it. Raises Trouble("input.host")."""
    if not host or len(host) > LONGEST_NAME or NOT_A_HOST.search(host):
        raise Trouble("input.host")
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise Trouble("input.host") from None


def check_port(port: int, reach: Reach) -> None:
    """Raises Trouble("input.port") for a port that is not for sending mail."""
    if port not in PORTS or (reach.ports is not None and port not in reach.ports):
        raise Trouble("input.port")


def addresses(host: str, port: int, reach: Reach, *, patience: float = LOOKUP_SECONDS) -> list[Address]:
    """All addresses of the server, each allowed. Raises Trouble("dns.…") or Trouble("policy.private_address")."""
    found = _look_up(host, port, patience)
    for _family, place in found:
        if not _allowed(str(place[0]), reach.networks):
            raise Trouble("policy.private_address")
    return found


def _allowed(text: str, networks: Networks) -> bool:
    address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    return {"any": True, "loopback": address.is_loopback, "public": address.is_global}[networks]


def _look_up(host: str, port: int, patience: float) -> list[Address]:
    """Getaddrinfo cannot be told to hurry: it runs in a thread that is left behind when it takes too long."""
    found: list[Address] = []
    errors: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            errors.append(error)
        else:
            found.extend((family, place) for family, _kind, _proto, _name, place in answers)  # type: ignore[misc]

    thread = threading.Thread(target=ask, name="mail-look-up", daemon=True)
    thread.start()
    thread.join(max(0.1, min(LOOKUP_SECONDS, patience)))
    if thread.is_alive():
        raise Trouble("dns.timeout")
    if errors:
        raise Trouble(_dns_key(errors[0]))
    return found


def _dns_key(error: OSError) -> str:
    unknown = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
    return "dns.not_found" if error.errno in unknown else "dns.temporary"
