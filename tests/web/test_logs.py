"""The log: one line of JSON a request, and nothing of what people sent."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response

from jiaokan.settings import Settings
from jiaokan.web import create_app, logs, metrics, tokens, visits

SECRET = "秘密sekret"
FIELDS = {
    *("time", "level", "logger", "message", "request_id", "method", "route", "status", "seconds", "bytes_in"),
    *("bytes_out", "complete", "documents", "characters", "edits", "doubts", "client"),
}


class Written:
    """What stood on standard error, as text and as objects."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == "jiaokan.requests"]


@pytest.fixture
def written() -> Iterator[Written]:
    """Logging as it is in production at its most talkative; afterwards as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    found = Written()
    configuration = logs.configuration("debug")
    configuration["handlers"]["stderr"]["stream"] = found.stream
    configuration["root"]["level"] = "DEBUG"
    logging.config.dictConfig(configuration)
    yield found
    root.handlers[:], root.level = handlers, level
    for name in ("jiaokan", "jiaokan.requests", "_granian"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def app() -> Flask:
    made = create_app(Settings())

    def parts() -> Iterator[bytes]:
        yield b"one"
        raise ValueError(SECRET)

    def bug() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(SECRET) from error

    made.add_url_rule("/stream", "stream", lambda: Response(iter([b"one", b"two"])))
    made.add_url_rule("/broken", "broken", lambda: Response(parts()))
    made.add_url_rule("/bug", "bug", bug)
    return made


def test_a_request_is_one_line_that_has_all(app: Flask, written: Written) -> None:
    body = "問題".encode()
    answer = app.test_client().post("/v1/repair?script=keep", data=body, content_type="text/plain")
    (line,) = written.lines
    assert line.keys() == FIELDS
    assert line["time"].endswith("+00:00")
    assert 0 < line.pop("seconds") < 10
    wanted = {
        "level": "INFO",
        "logger": "jiaokan.requests",
        "message": "request",
        "request_id": answer.headers["X-Request-ID"],
        "method": "POST",
        "route": "/v1/repair",
        "status": 200,
        "bytes_in": len(body),
        "bytes_out": len(answer.data),
        "complete": True,
        "client": "127.0.0.1",
    }
    assert {name: line[name] for name in wanted} == wanted


def test_what_was_done_is_on_the_line_of_its_request(app: Flask, written: Written) -> None:
    tally = SimpleNamespace(documents=1, characters=5, edits={"script": 2, "annotation": 1}, doubts={"gaps": 1})

    def parts() -> Iterator[bytes]:
        for _ in range(3):
            metrics.count(tally)
            yield b"x"

    app.add_url_rule("/counted", view_func=lambda: Response(parts()))
    app.test_client().get("/counted", buffered=True)
    (line,) = written.requests
    assert (line["documents"], line["characters"], line["edits"], line["doubts"]) == (3, 15, 9, 3)
    metrics.count(tally)  # of no request
    assert len(written.requests) == 1


def test_the_client_is_the_name_of_its_token(written: Written, tmp_path: Any) -> None:
    token = tokens.add("crawler", tmp_path / "tokens")
    client = create_app(Settings(tokens_file=str(tmp_path / "tokens"))).test_client()
    client.post("/v1/repair", json={"text": ""}, headers={"Authorization": f"Bearer {token}"})
    client.post("/v1/repair", json={"text": ""}, headers={"Authorization": "Bearer no"})
    assert [(line["client"], line["status"]) for line in written.requests] == [("crawler", 200), ("127.0.0.1", 401)]
    assert token not in written.text


def test_a_stream_is_told_when_it_has_ended_and_whether_it_was_whole(app: Flask, written: Written) -> None:
    client = app.test_client()
    whole = client.get("/stream", buffered=False)
    assert not written.requests
    assert whole.data == b"onetwo"
    whole.close()
    left = client.get("/stream", buffered=False)
    next(left.iter_encoded())
    left.close()
    assert [(line["bytes_out"], line["complete"]) for line in written.requests] == [(6, True), (3, False)]


def test_a_body_without_a_length_is_measured_as_it_is_read(app: Flask, written: Written) -> None:
    body = io.BytesIO(b"x" * 5000)
    environ = {"wsgi.input_terminated": True}
    app.test_client().post("/v1/repair", input_stream=body, content_type="text/plain", environ_overrides=environ)
    assert [(line["status"], line["bytes_in"]) for line in written.requests] == [(200, 5000)]


def test_nothing_of_what_was_sent_is_logged(app: Flask, written: Written) -> None:
    """In the body, the query, the path, headers, a method; in requests that are fine and in all that fail."""
    client = app.test_client()
    headers = {
        "User-Agent": "sekret",
        "Cookie": "a=sekret",
        "Authorization": "Bearer sekret",
        "X-Request-ID": "a sekret",
    }
    for path in ("/v1/repair", "/v1/detect", f"/{SECRET}", f"/v1/{SECRET}", f"/v1/repair?{SECRET}=1&script={SECRET}"):
        client.post(path, json={"text": SECRET, SECRET: SECRET, "skip": [SECRET]}, headers=headers)
        client.post(path, data=SECRET.encode(), content_type=f"text/plain; charset={SECRET}", headers=headers)
        client.post(path, data=SECRET.encode("gbk"), content_type="text/plain", headers=headers)
        client.post(path, data=f'{{"{SECRET}'.encode(), content_type="application/json", headers=headers)
        client.open(path, method="SEKRET", headers=headers)
    client.get("/bug", headers=headers)
    with pytest.raises(visits.BrokenOffError) as raised:
        client.get("/broken", headers=headers, buffered=True)
    assert SECRET not in repr(raised.value) + repr(raised.value.__cause__) + repr(raised.value.__context__)
    assert len(written.requests) == 27
    assert "秘" not in written.text
    assert "\\u79d8" not in written.text
    assert "sekret" not in written.text.lower()


def test_a_bug_is_told_by_kind_and_place_under_the_id_of_its_request(app: Flask, written: Written) -> None:
    client = app.test_client()
    client.get("/bug", headers={"X-Request-ID": "a1"})
    with suppress(visits.BrokenOffError):
        client.get("/broken", headers={"X-Request-ID": "b2"}, buffered=True)
    errors = [line for line in written.lines if line["level"] == "ERROR"]
    assert [line["request_id"] for line in errors] == ["a1", "b2"]
    assert all("ValueError at " in line["message"] and "test_logs.py" in line["message"] for line in errors)
    assert [(line["level"], line["status"], line["complete"]) for line in written.requests] == [
        ("WARNING", 500, True),
        ("INFO", 200, False),
    ]


def test_exceptions_of_any_logger_lose_their_words(written: Written) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("someone.else").exception("it failed")
    (line,) = written.lines
    assert line["exc_info"].startswith("ValueError at ")
    assert "sekret" not in written.text


def test_granian_speaks_json_and_does_not_warn_of_its_threads(written: Written) -> None:
    server = logging.getLogger("_granian")
    server.warning("Configuration allows spawning up to 128 Python threads, which seems quite high")
    server.info("Listening at: http://127.0.0.1:8000")
    assert [line["message"] for line in written.lines] == ["Listening at: http://127.0.0.1:8000"]


def test_a_higher_level_leaves_out_what_went_well(written: Written) -> None:
    client = create_app(Settings(log_level="warning")).test_client()
    client.get("/healthz")
    client.get("/nowhere")
    assert written.lines == []
