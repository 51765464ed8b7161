"""The service as docs/http.md promises it."""

from __future__ import annotations

import gzip
import json
import logging
import sys
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import jiaokan
from jiaokan.settings import Settings
from jiaokan.web import create_app
from jiaokan.web.problems import KINDS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

JSON, TEXT, BYTES, PROBLEM = "application/json", "text/plain", "application/octet-stream", "application/problem+json"
TRADITIONAL, SIMPLIFIED = "問題", "问题"
LIMIT = 1000


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(max_bytes=LIMIT)).test_client()


def ask(client: FlaskClient, body: object, route: str = "/v1/repair", **headers: str) -> TestResponse:
    """Post ``body`` as JSON; a header is named by a keyword with its first letter capital, ``_`` for ``-``."""
    return client.post(route, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


# What is told of how the source was read.
ORIGIN = {"charset", "charset_confidence", "charset_evidence", "runner_up", "losses", "passages"}


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem an answer tells, once it is seen to be a well-formed one."""
    assert answer.status_code == status
    assert answer.content_type == PROBLEM
    told = json.loads(answer.data)
    kind = KINDS[told["type"].removeprefix("/problems/")]
    assert (kind.status, told["status"]) == (status, status)
    assert told["title"] == kind.title
    assert told["detail"]
    assert told["instance"] == answer.request.path
    return told


def test_json_in_json_out(client: FlaskClient) -> None:
    answer = ask(client, {"text": f"甲{TRADITIONAL}"})
    assert (answer.status_code, answer.content_type) == (200, JSON)
    told = answer.json
    assert told.keys() == {"text", "scripts", "edits", "doubts", "diff"} | ORIGIN
    assert (told["text"], told["charset"], told["doubts"]) == (f"甲{SIMPLIFIED}", None, [])
    assert told["diff"].startswith(f"@@ line 1 @@\n-甲{TRADITIONAL}\n+甲{SIMPLIFIED}\n")
    keys = {"start", "end", "before", "after", "fault", "consent", "confidence", "evidence"}
    assert all(row.keys() == keys and row["fault"] == "script" for row in told["edits"])
    assert told["edits"][0]["start"] == 1
    assert told["edits"][-1]["end"] == 3


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("media", [TEXT, BYTES])
def test_raw_bytes_of_any_charset(client: FlaskClient, charset: str, media: str) -> None:
    body = "這是一個關於中文網頁的問題".encode(charset)
    for content_type in (media, f"{media}; charset={charset}"):
        told = client.post("/v1/repair", data=body, content_type=content_type).json
        assert told["text"] == "这是一个关于中文网页的问题"
        assert told["charset"]


def test_the_charset_parameter_is_a_hint(client: FlaskClient) -> None:
    def charset(content_type: str) -> str:
        return client.post("/v1/repair", data="題".encode("big5"), content_type=content_type).json["charset"]

    assert charset("text/plain; charset=Big5") == "big5hkscs"
    assert charset("text/plain; charset=nonsense") == charset("text/plain")


def test_an_empty_text_is_a_text(client: FlaskClient) -> None:
    empty = {
        "text": "",
        "scripts": {"traditional": 0, "simplified": 0, "common": 0},
        "edits": [],
        "doubts": [],
        "diff": "",
    }
    for answer, charset in ((ask(client, {"text": ""}), None), (client.post("/v1/repair", content_type=TEXT), "utf-8")):
        told = answer.json
        assert told.pop("charset") == charset
        assert {name: value for name, value in told.items() if name not in ORIGIN} == empty


def test_options_work_in_the_body_and_in_the_query(client: FlaskClient) -> None:
    kept = ask(client, {"text": TRADITIONAL, "script": "keep", "consent": "certain", "skip": ["gaps"]})
    assert kept.json["text"] == TRADITIONAL
    query = "script=keep&consent=certain&skip=gaps&skip=alignment"
    assert client.post(f"/v1/repair?{query}", data=TRADITIONAL.encode(), content_type=TEXT).json["text"] == TRADITIONAL
    skipped = client.post("/v1/repair?skip=gaps&skip=script", data=TRADITIONAL.encode(), content_type=TEXT)
    assert skipped.json["text"] == TRADITIONAL
    assert ask(client, {"text": TRADITIONAL, "skip": list(jiaokan.Fault)}).json["edits"] == []


def test_detect_finds_and_changes_nothing(client: FlaskClient) -> None:
    told = ask(client, {"text": TRADITIONAL, "skip": ["gaps"]}, "/v1/detect").json
    assert told.keys() == {"scripts", "findings"} | ORIGIN
    assert "".join(row["after"] for row in told["findings"]) == SIMPLIFIED
    raw = client.post("/v1/detect?script=keep", data=TRADITIONAL.encode(), content_type=TEXT)
    assert (raw.json["charset"], raw.json["losses"], raw.json["findings"]) == ("utf-8", [], [])


def test_detect_says_how_bytes_were_read(client: FlaskClient) -> None:
    told = client.post(
        "/v1/detect?script=keep", data=b"\xb4\xdf\xca\xd5\xff\xb5\xc4\xb1\xd8\xd2\xaa\xd0\xd4", content_type=TEXT
    ).json
    assert told["charset"] == "gb18030"
    assert told["losses"] == [{"start": 2, "end": 3, "bytes": "ff"}]
    assert told["charset_confidence"] > 0.9 > told["runner_up"]["confidence"]
    assert told["passages"] == []


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok", "version": jiaokan.__version__}
    assert client.get("/healthz", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", JSON),
        ("", JSON),
        ("application/*", JSON),
        ("text/*", TEXT),
        ("text/plain", TEXT),
        ("text/plain; charset=utf-8", TEXT),
        ("application/json, text/plain, */*", JSON),
        ("text/plain, application/json", JSON),
        ("text/plain, application/json;q=0.9", TEXT),
        ("text/plain;q=0.5, application/json;q=0.4", TEXT),
        ("text/plain;q=0.5, */*;q=0.1", TEXT),
        ("text/plain;q=0.1, */*;q=0.5", JSON),
        ("application/json;q=0, */*", TEXT),
        ("text/html, application/json;q=0.1", JSON),
    ],
)
def test_the_client_chooses_the_form(client: FlaskClient, accept: str, given: str) -> None:
    answer = ask(client, {"text": TRADITIONAL}, Accept=accept)
    assert answer.mimetype == given
    assert answer.headers["Vary"] == "Accept"
    if given == TEXT:
        assert (answer.content_type, answer.data) == ("text/plain; charset=utf-8", SIMPLIFIED.encode())


@pytest.mark.parametrize("accept", ["text/html", "image/png, text/html;q=0.5", "*/*;q=0", "application/json;q=0"])
def test_a_form_that_is_not_made_is_406(client: FlaskClient, accept: str) -> None:
    told = problem(ask(client, {"text": "x"}, Accept=accept), 406)
    assert told["detail"] == "The answer can be had as application/json or text/plain."


def test_detect_answers_in_json_only(client: FlaskClient) -> None:
    assert problem(ask(client, {"text": "x"}, "/v1/detect", Accept=TEXT), 406)["status"] == 406
    assert ask(client, {"text": "x"}, "/v1/detect", Accept=JSON).mimetype == JSON


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "The body is not JSON: Expecting value at line 1, column 1."),
        (b'{"text": "x"', "The body is not JSON: Expecting ',' delimiter at line 1, column 13."),
        (b"text=x", "The body is not JSON: Expecting value at line 1, column 1."),
        ('{"text": "題"}'.encode("gbk"), "The body is not UTF-8: byte 10 fits no character."),
        (b'{"text": "\xed\xa0\x80"}', "The body is not UTF-8: byte 10 fits no character."),
        (b"[" * 600, "The body is not JSON: Expecting value at line 1, column 601."),
    ],
)
def test_a_body_that_is_no_json_is_400(client: FlaskClient, body: bytes, detail: str) -> None:
    assert problem(client.post("/v1/repair", data=body, content_type=JSON), 400)["detail"] == detail


@pytest.mark.parametrize("body", [b'{"text": ' + b"9" * 5000 + b"}"])
def test_json_that_python_will_not_read_is_400(body: bytes) -> None:
    answer = create_app(Settings()).test_client().post("/v1/repair", data=body, content_type=JSON)
    assert "too deep" in problem(answer, 400)["detail"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["#/text"]),
        ([], ["#"]),
        ("text", ["#"]),
        (3, ["#"]),
        ({"text": None}, ["#/text"]),
        ({"text": 1, "script": "both"}, ["#/script", "#/text"]),
        ({"text": "x", "script": None}, ["#/script"]),
        ({"text": "x", "script": ["keep"]}, ["#/script"]),
        ({"text": "x", "consent": "certainly"}, ["#/consent"]),
        ({"text": "x", "consent": True}, ["#/consent"]),
        ({"text": "x", "skip": "gaps"}, ["#/skip"]),
        ({"text": "x", "skip": None}, ["#/skip"]),
        ({"text": "x", "punctuation": "ascii"}, ["#/punctuation"]),
        ({"text": "x", "dropped_words": "问题"}, ["#/dropped_words"]),
        ({"text": "x", "dropped_words": ["问题", "", 1]}, ["#/dropped_words/1", "#/dropped_words/2"]),
        ({"text": "x", "skip": ["gaps", "typos", 1, ["gaps"]]}, ["#/skip/1", "#/skip/2", "#/skip/3"]),
        ({"text": "x", "charset": "gbk"}, ["#/charset"]),
        ({"text": "x", "a/b~c": 1}, ["#/a~1b~0c"]),
        ({"text": "x", "\ud800": 1}, ["#"]),
    ],
)
def test_a_body_that_asks_what_is_not_known_is_422(client: FlaskClient, body: object, pointers: list[str]) -> None:
    told = problem(ask(client, body), 422)
    assert [flaw["pointer"] for flaw in told["errors"]] == pointers
    assert all(flaw["detail"] and flaw["detail"] in told["detail"] for flaw in told["errors"])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("script=both", "?script"),
        ("script=keep&script=keep", "?script"),
        ("consent=", "?consent"),
        ("skip=gaps&skip=typos", "?skip/1"),
        ("dropped_words=方法&dropped_words=", "?dropped_words/1"),
        ("text=x", "?text"),
    ],
)
def test_a_query_that_asks_what_is_not_known_is_422(client: FlaskClient, query: str, pointer: str) -> None:
    told = problem(client.post(f"/v1/repair?{query}", data=b"x", content_type=TEXT), 422)
    assert [flaw["pointer"] for flaw in told["errors"]] == [pointer]


def test_options_of_the_body_come_before_those_of_the_query(client: FlaskClient) -> None:
    assert ask(client, {"text": TRADITIONAL}, "/v1/repair?script=keep").json["text"] == TRADITIONAL
    told = ask(client, {"text": TRADITIONAL, "script": "simplified"}, "/v1/repair?script=keep").json
    assert told["text"] == SIMPLIFIED
    told = problem(ask(client, {"text": "x", "lang": "zh"}, "/v1/repair?script=both"), 422)
    assert [flaw["pointer"] for flaw in told["errors"]] == ["?script", "#/lang"]


def test_detect_knows_no_consent(client: FlaskClient) -> None:
    told = problem(ask(client, {"text": "x", "consent": "certain"}, "/v1/detect"), 422)
    assert told["errors"] == [{"pointer": "#/consent", "detail": "is not known here"}]


def test_a_thousand_flaws_are_told_by_the_first(client: FlaskClient) -> None:
    told = problem(ask(client, {"text": "x", "dropped_words": [0] * 200}), 422)
    assert len(told["errors"]) == 20


@pytest.fixture(scope="module")
def roomy() -> FlaskClient:
    """A service with the limits of size that it has by default."""
    return create_app(Settings()).test_client()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": "x", "skip": ["gaps"] * 7}, "#/skip"),
        ({"text": "x", "skip": [0] * 300}, "#/skip"),
        ({"text": "x", "dropped_words": ["词"] * 257}, "#/dropped_words"),
        ({"text": "x", "dropped_words": ["词" * 17]}, "#/dropped_words/0"),
        ({"text": "x", "y" * 10_000: 1}, f"#/{'y' * 64}…"),
    ],
)
def test_a_list_or_a_word_that_is_too_long_is_one_flaw(roomy: FlaskClient, body: object, pointer: str) -> None:
    answer = ask(roomy, body)
    assert [flaw["pointer"] for flaw in problem(answer, 422)["errors"]] == [pointer]
    assert len(answer.data) < 1000


def test_lists_as_long_as_they_may_be_are_taken(roomy: FlaskClient) -> None:
    body = {"text": TRADITIONAL, "skip": list(jiaokan.Fault), "dropped_words": [f"{n:016}" for n in range(256)]}
    assert ask(roomy, body).json["text"] == TRADITIONAL
    assert ask(roomy, {"text": '[{,"\\' * 10_000}).status_code == 200  # marks in a string are no values


MANY = 50_000  # values: enough for the peak without a limit to be far above the one asked for
PART = b'--b\r\ncontent-disposition: form-data; name="f"\r\n'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"text":"x","skip":[' + b'"",' * MANY + b'""]}', JSON),
        (b'{"text":"x","skip":[' + b"[]," * MANY + b"[]]}", JSON),
        (b'{"text":[' + b"{}," * MANY + b"{}]}", JSON),
        (b'{"text":"x","dropped_words":[' + b"0," * MANY + b"0]}", JSON),
        (b'{"text":"x"' + b"".join(b',"%d":0' % number for number in range(MANY)) + b"}", JSON),
        (b"[" * MANY, JSON),
        (b'"' * MANY, JSON),
        ((PART + b"a:\r\n" * 8000 + b"\r\nx\r\n") * 16 + b"--b--\r\n", "multipart/form-data; boundary=b"),
        ((PART + b"\r\nx\r\n") * (MANY // 10) + b"--b--\r\n", "multipart/form-data; boundary=b"),
        (PART + b"a:\r\n" * MANY + b"\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
    ],
    ids=["strings", "lists", "objects", "numbers", "keys", "nesting", "quotes", "headers", "parts", "head"],
)
@pytest.mark.parametrize("path", ["/v1/repair", "/v1/detect"])
def test_what_a_hostile_body_takes_is_bounded_by_its_bytes(
    roomy: FlaskClient, path: str, body: bytes, content_type: str
) -> None:
    """Without a limit before JSON is read, 16 KB of gzip took 5.7 GB and eight minutes."""
    roomy.post(path, data=body[:100], content_type=content_type)
    tracemalloc.start()
    try:
        answer = roomy.post(path, data=body, content_type=content_type)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    (flaw,) = problem(answer, 422)["errors"]
    assert flaw["detail"].startswith("should have at most ")
    assert len(answer.data) < 1000
    assert peak < 3 * len(body) + (30_000_000 if content_type != JSON else 1_000_000)


@pytest.mark.parametrize("content", [TRADITIONAL.encode() * 10_000, b"x" * 200_000, b"\r\n" * 100_000, b"--a" * 70_000])
def test_a_file_may_be_larger_than_what_is_read_of_a_form_at_once(roomy: FlaskClient, content: bytes) -> None:
    body = PART.replace(b'"f"', b'"file"; filename="f"') + b"\r\n" + content + b"\r\n--b--\r\n"
    answer = roomy.post("/v1/repair?skip=gaps", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["&".join(f"a{number}=1" for number in range(20_000)), "&" * 50_000])
@pytest.mark.parametrize("path", ["/v1/repair", "/v1/detect", "/v1/batch"])
def test_a_query_of_very_many_keys_is_one_flaw(roomy: FlaskClient, path: str, query: str) -> None:
    content_type = "application/x-ndjson" if path == "/v1/batch" else TEXT
    told = problem(roomy.post(f"{path}?{query}", data=b"x", content_type=content_type), 422)
    assert told["errors"] == [{"pointer": "?", "detail": "should have at most 320 keys"}]


def test_very_many_members_are_one_flaw(roomy: FlaskClient) -> None:
    query = ",".join(["text"] * 10_000)
    told = problem(roomy.post(f"/v1/batch?members={query}", data=b'"x"', content_type="application/x-ndjson"), 422)
    assert [flaw["pointer"] for flaw in told["errors"]] == ["?members"]


def test_a_hostile_line_of_a_batch_is_one_problem_and_the_batch_goes_on(roomy: FlaskClient) -> None:
    body = b'{"text":"x","skip":[' + b'"",' * MANY + b'""]}\n"x"\n'
    lines = roomy.post("/v1/batch?members=text", data=body, content_type="application/x-ndjson").data.splitlines()
    first, second = map(json.loads, lines)
    assert first["problem"]["errors"] == [
        {"pointer": "#", "detail": "should have at most 640 strings, commas and opening brackets"}
    ]
    assert second == {"line": 2, "text": "x"}


@pytest.mark.parametrize("content_type", [None, "", "text/html", "application/x-www-form-urlencoded", "text", "*/*"])
def test_a_body_of_another_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    told = problem(client.post("/v1/repair", data=b"x", headers=headers), 415)
    assert told["detail"] == (
        "The Content-Type must be application/json, text/plain, application/octet-stream, multipart/form-data."
    )


def upload(client: FlaskClient, route: str = "/v1/repair", **parts: object) -> TestResponse:
    return client.post(route, data=parts, content_type="multipart/form-data")


def test_a_form_brings_a_file(client: FlaskClient) -> None:
    def page(name: str = "page.txt", declared: str = "text/plain; charset=gbk") -> tuple[BytesIO, str, str]:
        return BytesIO(TRADITIONAL.encode("gb18030")), name, declared

    told = upload(client, file=page()).json
    assert (told["text"], told["charset"]) == (SIMPLIFIED, "gb18030")
    assert "declared as gbk" in told["charset_evidence"]
    assert upload(client, "/v1/repair?script=keep", file=page()).json["text"] == TRADITIONAL
    assert upload(client, "/v1/detect", file=page(declared="")).json["findings"][0]["before"] == TRADITIONAL


@pytest.mark.parametrize(
    ("parts", "pointers"),
    [
        ({}, ["#/file"]),
        ({"file": "not a file"}, ["#/file", "#/file"]),
        ({"file": [(BytesIO(b"a"), "a"), (BytesIO(b"b"), "b")]}, ["#/file"]),
        ({"file": (BytesIO(b"a"), "a"), "script": "keep"}, ["#/script"]),
        ({"file": (BytesIO(b"a"), "a"), "page": (BytesIO(b"b"), "b")}, ["#/page"]),
    ],
)
def test_a_form_that_is_not_understood_is_422(
    client: FlaskClient, parts: dict[str, object], pointers: list[str]
) -> None:
    assert [flaw["pointer"] for flaw in problem(upload(client, **parts), 422)["errors"]] == pointers


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=x", "; boundary=題"])
def test_a_form_that_is_none_is_400(client: FlaskClient, boundary: str) -> None:
    answer = client.post("/v1/repair", data=b"--y\r\nno form", content_type=f"multipart/form-data{boundary}")
    told = problem(answer, 400)
    assert told["detail"] == "The body is not a form with the boundary that its Content-Type names."


def test_answers_name_their_language(client: FlaskClient) -> None:
    assert ask(client, {"text": TRADITIONAL}).headers["Content-Language"] == "zh-Hans"
    assert ask(client, {"text": TRADITIONAL, "script": "keep"}).headers["Content-Language"] == "zh"
    assert ask(client, {"text": TRADITIONAL}, Accept=TEXT).headers["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress), ("identity", bytes)])
def test_a_compressed_body_is_read(client: FlaskClient, coding: str, pack: Callable[[bytes], bytes]) -> None:
    headers = {"Content-Encoding": coding}
    answer = client.post("/v1/repair", data=pack(TRADITIONAL.encode()), content_type=TEXT, headers=headers)
    assert answer.json["text"] == SIMPLIFIED
    problem(client.post("/v1/repair", data=pack(b"x" * (LIMIT + 1)), content_type=TEXT, headers=headers), 413)


def test_a_body_in_another_coding_is_415_and_told_which(client: FlaskClient) -> None:
    answer = client.post("/v1/repair", data=b"x", content_type=TEXT, headers={"Content-Encoding": "br"})
    problem(answer, 415)
    assert answer.headers["Accept-Encoding"] == "gzip, zstd"


def test_a_body_may_be_as_large_as_the_limit_and_no_larger(client: FlaskClient) -> None:
    assert client.post("/v1/repair", data=b"x" * LIMIT, content_type=TEXT).status_code == 200
    for size in (LIMIT + 1, LIMIT + 2, LIMIT * 10):
        told = problem(client.post("/v1/repair", data=b"x" * size, content_type=TEXT), 413)
        assert told["detail"] == "The body must not be larger than 1000 bytes."
    problem(ask(client, {"text": "x" * LIMIT}), 413)


def test_what_is_not_there_is_404(client: FlaskClient) -> None:
    assert problem(client.get("/v1/mend"), 404)
    assert json.loads(client.get("/題").data)["instance"] == "/%E9%A1%8C"


@pytest.mark.parametrize(("route", "allowed"), [("/v1/repair", "POST"), ("/v1/detect", "POST"), ("/healthz", "GET")])
def test_another_method_is_405_and_told_which(client: FlaskClient, route: str, allowed: str) -> None:
    answer = client.delete(route)
    problem(answer, 405)
    assert allowed in answer.headers["Allow"].split(", ")


def test_a_lone_surrogate_comes_back_in_valid_json(client: FlaskClient) -> None:
    answer = client.post("/v1/repair", data=rb'{"text": "\ud800", "skip": ["codepoints"]}', content_type=JSON)
    assert answer.status_code == 200
    assert json.loads(answer.data.decode("utf-8"))["text"] == "\ud800"
    plain = client.post(
        "/v1/repair", data=rb'{"text": "\ud800", "skip": ["codepoints"]}', content_type=JSON, headers={"Accept": TEXT}
    )
    assert plain.data.decode("utf-8") == "\ufffd"


def test_a_bug_tells_nothing_of_the_text(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str, **_: object) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr("jiaokan.web.repairers.repair_if_clean", broken)
    answer = ask(client, {"text": "a secret"})
    problem(answer, 500)
    assert b"secret" not in answer.data
    assert [record.levelno for record in caplog.records if record.name == "jiaokan"] == [logging.ERROR]
    assert "ValueError at " in caplog.text
    assert "test_http.py" in caplog.text
    assert "secret" not in caplog.text


def test_nothing_is_logged_of_a_text_that_is_repaired(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(client, {"text": "一個秘密"})
    assert "秘" not in caplog.text
