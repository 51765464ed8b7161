"""For those who watch the service: whether it is alive, whether it is ready, and what it has done."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request
from werkzeug.exceptions import ServiceUnavailable

from jiaokan import __version__
from jiaokan.web import metrics
from jiaokan.web.answers import as_json


def watched(ready: Callable[[], bool] = lambda: True) -> Blueprint:
    """The routes ``/healthz``, ``/readyz`` and ``/metrics``; ``ready`` tells whether repair can begin at once."""
    status = Blueprint("status", __name__)

    @status.get("/healthz")
    def healthz() -> Response:
        """That the service is up, and which release it is."""
        return as_json({"status": "ok", "version": __version__})

    @status.get("/readyz")
    def readyz() -> Response:
        """That the model is loaded and requests are welcome."""
        if not ready():
            raise ServiceUnavailable("The model is being loaded.", retry_after=1)
        return as_json({"status": "ready", "version": __version__})

    @status.get("/metrics", endpoint="metrics")
    def exposition() -> Response:
        """The counters of all workers."""
        return metrics.exposition(request)

    return status
