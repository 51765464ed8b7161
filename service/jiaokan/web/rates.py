"""How often one client may ask: requests under ``/v1/``, counted by token, or by address where there is none."""

from __future__ import annotations

from time import time

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from werkzeug.exceptions import TooManyRequests

from jiaokan.settings import Settings
from jiaokan.web import visits
from jiaokan.web.bodies import hear_out
from jiaokan.web.shapes import API_PREFIX


class OverRate(RateLimitExceeded):
    """More requests than the client may make, and when it may come again."""

    def __init__(self, limit: RequestLimit) -> None:
        wait = max(1, limit.reset_at - int(time()))
        TooManyRequests.__init__(self, f"More than {limit.limit} are not allowed.", retry_after=wait)


def check(settings: Settings) -> None:
    """See whether there can be such a store; whether it can be reached is seen when it is needed.

    Raises:
        ValueError: there is no store of this kind, or what it needs is not installed.
    """
    try:
        storage_from_string(settings.rate_limit_store)
    except ConfigurationError as error:
        raise ValueError(f"JIAOKAN_RATE_LIMIT_STORE: {error}") from None


def install(app: Flask, settings: Settings) -> None:
    """Keep to the rate of ``settings``. While its store is down, each worker counts for itself.

    Raises:
        ValueError: as for ``check``.
    """
    check(settings)
    Limiter(
        _client,
        app=app,
        application_limits=[settings.rate_limit],
        application_limits_exempt_when=lambda: not request.path.startswith(API_PREFIX) or request.method == "OPTIONS",
        storage_uri=settings.rate_limit_store,
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        on_breach=_refuse,
    )


def _client() -> str:
    visit = visits.current()
    return (visit and visit.client) or "unknown"


def _refuse(limit: RequestLimit) -> None:
    hear_out(request.environ)
    raise OverRate(limit)
