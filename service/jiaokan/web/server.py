"""The application in production: granian, a WSGI server. docs/decisions/0001-wsgi-server.md says why this one."""

from __future__ import annotations

import socket
from typing import Final

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from jiaokan import rounds
from jiaokan.settings import Settings
from jiaokan.web import create_app

# Threads of one worker. Repair is Python and takes turns, so more add no speed; a few keep short requests and
# /healthz from waiting behind long ones.
_THREADS: Final = 4
# Seconds that running requests get after SIGTERM; container engines kill after ten.
_GRACE: Final = 8


def serve(settings: Settings) -> None:
    """Answer at the address of ``settings`` until SIGTERM or SIGINT, then let running requests end.

    Raises:
        OSError: the host is unknown, or its port is taken or not allowed.
    """
    Granian(
        "jiaokan.web.server:ready_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=_address(settings),
        port=settings.port,
        workers=settings.workers,
        blocking_threads=_THREADS,
        workers_kill_timeout=_GRACE,
        websockets=False,
    ).serve()


def _address(settings: Settings) -> str:
    """The host as a number, which is all granian takes, once listening there is seen to work."""
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, place = found[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(place)
    return str(place[0])


def ready_app() -> Flask:
    """The application with its tables loaded, so that the first request is as fast as the rest."""
    rounds.repair("現(xiàn)代")
    return create_app()
