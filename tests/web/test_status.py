"""What those see who watch the service."""

from __future__ import annotations

import pytest
from flask import Flask

import jiaokan
from jiaokan.settings import Settings
from jiaokan.web import create_app, problems, status


def test_alive_and_ready() -> None:
    client = create_app(Settings()).test_client()
    assert client.get("/healthz").json == {"status": "ok", "version": jiaokan.__version__}
    assert client.get("/readyz").json["type"] == "/problems/not-ready"
    assert client.post("/v1/repair", json={"text": "問題"}).status_code == 200  # which loads the tables
    assert client.get("/readyz").json == {"status": "ready", "version": jiaokan.__version__}


def test_not_ready_is_a_problem_that_passes() -> None:
    ready = [True, False]
    app = Flask("x")
    app.register_blueprint(status.watched(ready.pop))
    problems.install(app)
    client = app.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "1"
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("route", ["/healthz", "/metrics"])
def test_a_probe_may_ask_for_the_head_alone(route: str) -> None:
    answer = create_app(Settings()).test_client().head(route)
    assert (answer.status_code, answer.data) == (200, b"")
