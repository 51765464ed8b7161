"""How many at once: a place is held to the last byte of an answer, and always given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response

from jiaokan.settings import Settings
from jiaokan.web import create_app, visits

JSON = {"text": "問題"}


class Stream:
    """An answer in two parts, which tells whether it was closed."""

    def __init__(self) -> None:
        self.closed = 0
        self.parts = iter([b"one", b"two"])

    def __iter__(self) -> Iterator[bytes]:
        return self.parts

    def close(self) -> None:
        self.closed += 1


def broken() -> Iterator[bytes]:
    yield b"one"
    raise ValueError("a secret")


@pytest.fixture
def narrow() -> Flask:
    """A service with room for one, with a view that streams and one that fails half way."""
    made = create_app(Settings(max_requests=1))
    made.add_url_rule("/stream", "stream", view_func=lambda: Response(Stream()))
    made.add_url_rule("/broken", "broken", view_func=lambda: Response(broken()))
    return made


def test_a_place_is_held_until_a_streamed_answer_has_ended(narrow: Flask) -> None:
    client = narrow.test_client()
    held = client.get("/stream", buffered=False)
    refused = client.post("/v1/repair", json=JSON)
    assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
    assert refused.headers["Retry-After"] == "1"
    for route in ("/healthz", "/metrics"):
        assert client.get(route).status_code == 200
    assert client.get("/readyz").json["type"] == "/problems/not-ready"  # which is another thing than busy
    assert b"".join(held.iter_encoded()) == b"onetwo"
    held.close()
    assert client.post("/v1/repair", json=JSON).status_code == 200


def test_a_client_that_leaves_gives_its_place_back(narrow: Flask) -> None:
    client = narrow.test_client()
    held = client.get("/stream", buffered=False)
    assert next(held.iter_encoded()) == b"one"
    held.close()
    held.close()
    assert client.post("/v1/repair", json=JSON).status_code == 200
    assert client.post("/v1/repair", json=JSON).status_code == 200


def test_an_answer_that_breaks_off_gives_its_place_back(narrow: Flask) -> None:
    client = narrow.test_client()
    for _ in range(3):
        with pytest.raises(visits.BrokenOffError):
            client.get("/broken", buffered=True)
    assert client.post("/v1/repair", json=JSON).status_code == 200


def test_errors_and_refusals_take_no_place(narrow: Flask) -> None:
    client = narrow.test_client()
    for _ in range(3):
        assert client.get("/nowhere").status_code == 404
        assert client.post("/v1/repair", data=b"{", content_type="application/json").status_code == 400
    assert client.post("/v1/repair", json=JSON).status_code == 200
