"""Who may come in, how many at once and how often, and what is put on every answer for the sake of browsers.

The order: ID, token, gate, rate. What is refused costs little, and what is watched (health, metrics) is never refused
for lack of room.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Final

from flask import Flask, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import ServiceUnavailable, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix

from jiaokan.settings import Settings
from jiaokan.web import visits
from jiaokan.web.bodies import hear_out
from jiaokan.web.shapes import API_PREFIX
from jiaokan.web.tokens import Keys
from jiaokan.web.visits import Visit

_METRICS: Final = "/metrics"
_WATCHED: Final = frozenset({"/healthz", "/readyz", _METRICS})

_RETRY_AFTER: Final = 1  # second: most documents take less
_PREFLIGHT: Final = 600  # seconds a browser may remember what it was allowed
_HSTS: Final = "max-age=31536000"  # a year, as browsers' preload lists ask for

_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)


def install(app: Flask, settings: Settings) -> None:
    """Put all guards of ``settings`` before ``app``.

    Raises:
        OSError: the tokens file cannot be read.
        ValueError: the tokens file, or the store of the rates, is not what it should be.
    """
    around = visits.install(app)
    around.put_on_every_answer(_HEADERS)
    if settings.tls_cert:
        around.put_on_every_answer([("Strict-Transport-Security", _HSTS)])
    if known := keys(settings):
        around.arrived.append(_Doorkeeper(known).admit)
    gate = _Gate(settings.max_requests)
    around.arrived.append(gate.enter)
    around.ended.append(gate.leave)
    if settings.rate_limit:
        from jiaokan.web import rates

        rates.install(app, settings)
    if settings.cors_origins:
        _share_with(app, settings.cors_origins)
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]


def keys(settings: Settings) -> Keys | None:
    """The keys of the tokens file; ``None`` if the service is open to everyone.

    Raises:
        ValueError: the file cannot be read, or holds what is no key.
    """
    if not settings.tokens_file:
        return None
    try:
        return Keys(Path(settings.tokens_file))
    except OSError as error:
        raise ValueError(f"JIAOKAN_TOKENS_FILE: {settings.tokens_file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"JIAOKAN_TOKENS_FILE: {settings.tokens_file}: is not UTF-8") from None
    except ValueError as error:
        raise ValueError(f"JIAOKAN_TOKENS_FILE: {settings.tokens_file}: {error}") from None


class _Doorkeeper:
    """Lets in who shows a token (RFC 6750), where there are tokens and the route is not open to everyone."""

    def __init__(self, known: Keys) -> None:
        self._keys = known

    def admit(self, visit: Visit) -> None:
        """Let the visit go on, under the name of its token.

        Raises:
            Unauthorized: it has no token, or one that is not known.
        """
        if not _is_protected(visit.rule):
            return
        scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            hear_out(request.environ)
            raise Unauthorized("A bearer token is needed here.", www_authenticate=_challenge())
        owner = self._keys.owner(token.strip())
        if owner is None:
            hear_out(request.environ)
            raise Unauthorized("The token is not known.", www_authenticate=_challenge(error="invalid_token"))
        visit.client = owner


def _is_protected(rule: str) -> bool:
    """By the path and by the route it led to. A browser's question before a call (CORS) cannot carry a token."""
    private = any(place.startswith(API_PREFIX) or place == _METRICS for place in (request.path, rule))
    return private and request.method != "OPTIONS"


class _Challenge(WWWAuthenticate):
    """What is wanted, with its values in quotation marks, as RFC 9110 and RFC 6750 have them."""

    def to_header(self) -> str:
        return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in self.parameters.items())


def _challenge(**parameters: str | None) -> WWWAuthenticate:
    return _Challenge("bearer", {"realm": "jiaokan", **parameters})


class _Gate:
    """Room for a number of requests at once. A place is held until the last byte of the answer has left."""

    def __init__(self, places: int) -> None:
        self._free, self._lock = places, Lock()  # a semaphore, which can also wait, takes four times as long

    def enter(self, visit: Visit) -> None:
        """Take a place, or refuse at once.

        Raises:
            ServiceUnavailable: all places are taken.
        """
        if visit.rule in _WATCHED:
            return
        with self._lock:
            visit.inside = self._free > 0
            self._free -= visit.inside
        if not visit.inside:
            hear_out(request.environ)
            raise ServiceUnavailable("As many requests as fit are being worked on.", retry_after=_RETRY_AFTER)

    def leave(self, visit: Visit) -> None:
        """Give the place back, if the visit had one."""
        with self._lock:
            self._free += visit.inside
            visit.inside = False


def _share_with(app: Flask, origins: tuple[str, ...]) -> None:
    from flask_cors import CORS

    CORS(
        app,
        resources={rf"{API_PREFIX}.*": {"origins": list(origins)}},
        methods=["POST"],
        allow_headers=["Authorization", "Content-Type", "Content-Encoding", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Retry-After"],
        max_age=_PREFLIGHT,
    )
