"""The application in production: granian, a WSGI server. docs/decisions/0001-wsgi-server.md says why this one."""

from __future__ import annotations

import gc
import math
import os
import signal
import socket
import ssl
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import Final

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from jiaokan.settings import Settings, share_metrics
from jiaokan.web import create_app, guards, logs, work
from jiaokan.web.asked import Asked
from jiaokan.web.work import Form

# Threads of one worker beyond those that work on requests: they refuse what is too much and answer /healthz. They are
# made when there is something to do, so that many cost nothing.
_SPARE_THREADS: Final = 64
_ENDS: Final = frozenset({signal.SIGTERM, signal.SIGINT})
# Connections of one worker, most of them idle between two requests.
_CONNECTIONS: Final = 1024


def serve(settings: Settings) -> None:
    """Answer at the address of ``settings`` until SIGTERM or SIGINT, then let running requests end.

    Raises:
        OSError: the host is unknown, or its port is taken or not allowed.
        ValueError: a file that ``settings`` name cannot be used.
    """
    _check(settings)
    address = _address(settings)
    _forget_signals_at_fork()
    with tempfile.TemporaryDirectory(prefix="jiaokan-metrics-") as folder:
        share_metrics(folder)
        Granian(
            __name__,
            interface=Interfaces.WSGI,
            address=address,
            port=settings.port,
            workers=settings.workers,
            blocking_threads=settings.max_requests + _SPARE_THREADS,
            backlog=_CONNECTIONS,
            backpressure=_CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=math.ceil(settings.stop_seconds),
            websockets=False,
            ssl_cert=Path(settings.tls_cert) if settings.tls_cert else None,
            ssl_key=Path(settings.tls_key) if settings.tls_key else None,
            log_level=LogLevels(settings.log_level),
            log_dictconfig=logs.configuration(settings.log_level),
        ).serve(target_loader=partial(ready_app, settings), wrap_loader=False)


def _forget_signals_at_fork() -> None:
    """Let each new process drop the handlers of the one that made it, which would swallow a SIGTERM.

    A worker that still loads its tables ends at once. A Ctrl-C, which every process hears, is left to the first one.
    While the process is made both signals are blocked, so that one that comes before the handlers are dropped waits.
    """
    masks = threading.local()

    def block() -> None:
        masks.before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)

    def restore() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, masks.before)

    def forget() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        restore()

    os.register_at_fork(before=block, after_in_parent=restore, after_in_child=forget)


def _check(settings: Settings) -> None:
    """See now to what the workers would otherwise fail at, each for itself."""
    guards.keys(settings)
    if settings.tls_cert:
        _check_certificate(settings)
    if settings.rate_limit:
        from jiaokan.web import rates

        rates.check(settings)


def _check_certificate(settings: Settings) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
    except ssl.SSLError as error:
        reason = error.reason or "not PEM"
        raise ValueError(f"JIAOKAN_TLS_CERT and JIAOKAN_TLS_KEY are no certificate and its key: {reason}") from None
    except OSError as error:
        raise ValueError(f"JIAOKAN_TLS_CERT or JIAOKAN_TLS_KEY cannot be read: {error.strerror}") from None


def _address(settings: Settings) -> str:
    """The host as a number, which is all granian takes, once listening there is seen to work."""
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, place = found[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(place)
    return str(place[0])


def _hear_once() -> None:
    """In a worker: hear the first SIGTERM and no other, and leave a Ctrl-C to the first process.

    A signal that every process hears comes here twice, from outside and from the first process, which passes it on. If
    the second comes while granian answers the first, granian's handler breaks, and the worker waits to be killed.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)

    def wait() -> None:
        while signal.sigwait(_ENDS) != signal.SIGTERM:
            pass
        handler = signal.getsignal(signal.SIGTERM)
        if callable(handler):
            handler(signal.SIGTERM, None)
        else:  # the worker is still being made
            os._exit(0)

    threading.Thread(target=wait, name="signals", daemon=True).start()


def ready_app(settings: Settings) -> Flask:
    """The application of one worker with the tables of the screen loaded, so that the first clean document is as fast
    as the rest, and with its repairing processes on their way: ``/readyz`` tells when they have come."""
    _hear_once()
    work.answer(Asked("现代", None, {}), Form.DOCUMENT)
    app = create_app(settings)
    app.extensions["repairers"].start()
    gc.collect()
    gc.freeze()  # what is never looked at by the collector takes it no time
    return app
