"""For those who watch the service: whether it is alive, whether it is ready, and what it has done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from jiaokan import __version__
from jiaokan.web import metrics
from jiaokan.web.answers import JSON, as_json
from jiaokan.web.operations import operation
from jiaokan.web.problems import NotReady
from jiaokan.web.shapes import Health

_WATCHED: Final = Tag(name="status", description="How the service itself is.")
# The two forms of prometheus_client: its own, and OpenMetrics.
_EXPOSITION: Final = ("text/plain", "application/openmetrics-text")


def watched(ready: Callable[[], bool] = lambda: True) -> APIBlueprint:
    """The routes ``/healthz``, ``/readyz`` and ``/metrics``; ``ready`` tells whether repair can begin at once."""
    status = APIBlueprint("status", __name__, abp_tags=[_WATCHED])

    @status.get("/healthz", operation_id="health", **operation(gives={JSON: Health}))
    def healthz() -> Response:
        """That the service is up, and which release it is."""
        return as_json(Health(status="ok", version=__version__))

    @status.get("/readyz", operation_id="readiness", **operation(gives={JSON: Health}, fails=("not-ready",)))
    def readyz() -> Response:
        """That the model is loaded and requests are welcome."""
        if not ready():
            raise NotReady("The model is being loaded.", retry_after=1)
        return as_json(Health(status="ready", version=__version__))

    @status.get(
        "/metrics",
        endpoint="metrics",
        operation_id="metrics",
        **operation(gives=dict.fromkeys(_EXPOSITION, str), fails=("unauthorized",), secured=True),
    )
    def exposition() -> Response:
        """The counters of all workers."""
        return metrics.exposition(request)

    return status
