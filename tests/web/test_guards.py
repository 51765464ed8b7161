"""Who may come in, how many at once, how often; and what stands on every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from werkzeug.test import TestResponse

from jiaokan.settings import Settings
from jiaokan.web import create_app, tokens

JSON = {"text": "問題"}
ROUTES = [("POST", "/v1/repair"), ("POST", "/v1/detect"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")]
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def made(**settings: object) -> FlaskClient:
    return app(**settings).test_client()


def app(**settings: object) -> Flask:
    return create_app(Settings(**settings))  # type: ignore[arg-type]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return made()


def everything(client: FlaskClient) -> Iterator[TestResponse]:
    """An answer of each kind: good ones, and errors of Flask, of ours, and of nobody's route."""
    yield from (client.open(route, method=method, json=JSON) for method, route in ROUTES)
    yield client.post("/v1/repair", data=b"{", content_type="application/json")
    yield client.get("/v1/repair")
    yield client.get("/nowhere")


def test_headers_for_browsers_are_on_every_answer(client: FlaskClient) -> None:
    for answer in everything(client):
        assert {name: answer.headers.getlist(name) for name in SECURITY} == {k: [v] for k, v in SECURITY.items()}
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


def test_https_is_kept_to_where_it_is_on() -> None:
    answer = made(tls_cert="cert", tls_key="key").get("/nowhere")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_what_an_answer_sets_itself_stays() -> None:
    made = app()
    own = {"content-security-policy": "default-src 'self'", "cache-control": "max-age=60"}
    made.add_url_rule("/page", view_func=lambda: Response("x", headers=own))
    answer = made.test_client().get("/page")
    assert {name: answer.headers.getlist(name) for name in own} == {name: [value] for name, value in own.items()}


@pytest.mark.parametrize("given", ["abc-1", "a" * 128, "7f9c:/+=@._~", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"])
def test_a_request_id_is_taken(client: FlaskClient, given: str) -> None:
    for route in ("/healthz", "/nowhere"):
        assert client.get(route, headers={"X-Request-ID": given}).headers.getlist("X-Request-ID") == [given]


@pytest.mark.parametrize("given", [None, "", "a" * 129, "a b", 'a"b', "é", "a\tb", "<script>"])
def test_a_request_id_is_made_where_there_is_none_that_can_be_used(client: FlaskClient, given: str | None) -> None:
    headers = {} if given is None else {"X-Request-ID": given}
    seen = {client.get("/nowhere", headers=headers).headers["X-Request-ID"] for _ in range(3)}
    assert len(seen) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in seen)


# Tokens


@pytest.fixture
def keyed(tmp_path: Path) -> tuple[FlaskClient, str]:
    token = tokens.add("crawler", tmp_path / "tokens")
    return made(tokens_file=str(tmp_path / "tokens")), token


def test_without_a_tokens_file_everyone_may(client: FlaskClient) -> None:
    assert client.post("/v1/repair", json=JSON).status_code == 200


def test_work_and_metrics_need_a_token_and_the_rest_does_not(keyed: tuple[FlaskClient, str]) -> None:
    client, token = keyed
    needs = {
        route
        for method, route in (*ROUTES, ("GET", "/"), ("GET", "/v1/nowhere"), ("GET", "/openapi.json"))
        if client.open(route, method=method, json=JSON).status_code == 401
    }
    assert needs == {"/v1/repair", "/v1/detect", "/v1/nowhere", "/metrics"}
    assert client.post("/v1/repair", json=JSON, headers=bearer(token)).status_code == 200
    assert client.get("/metrics", headers=bearer(token)).status_code == 200
    assert client.get("/v1/nowhere", headers=bearer(token)).status_code == 404


@pytest.mark.parametrize("path", ["//v1/repair", "/v1//repair", "/./v1/repair", "/x/../v1/repair", "/%76%31/repair"])
def test_no_other_way_to_write_the_path_leads_past(keyed: tuple[FlaskClient, str], path: str) -> None:
    client, _ = keyed
    assert client.post(path, json=JSON).status_code in (401, 404, 308)
    assert client.post(path, json=JSON, follow_redirects=True).status_code in (401, 404)


@pytest.mark.parametrize(
    ("given", "challenge"),
    [
        (None, 'Bearer realm="jiaokan"'),
        ("Basic YTpi", 'Bearer realm="jiaokan"'),
        ("Bearer", 'Bearer realm="jiaokan", error="invalid_token"'),
        ("Bearer nonsense", 'Bearer realm="jiaokan", error="invalid_token"'),
        ("bearer \xff", 'Bearer realm="jiaokan", error="invalid_token"'),
    ],
)
def test_the_challenge_is_that_of_rfc_6750(keyed: tuple[FlaskClient, str], given: str | None, challenge: str) -> None:
    answer = keyed[0].get("/metrics", headers={} if given is None else {"Authorization": given})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == challenge


def test_the_scheme_is_known_in_any_case(keyed: tuple[FlaskClient, str]) -> None:
    client, token = keyed
    assert client.get("/metrics", headers={"Authorization": f"BEARER {token}"}).status_code == 200


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "No such file"), (b"half a li", "line 1 is not a name"), (b"\xff", "is not UTF-8")],
)
def test_a_tokens_file_that_cannot_be_used_stops_the_start(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "tokens"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=f"JIAOKAN_TOKENS_FILE: {re.escape(str(path))}: {complaint}"):
        made(tokens_file=str(path))


# Rates


def test_a_rate_is_kept_by_work_alone() -> None:
    client = made(rate_limit="2/hour")
    assert [client.get("/healthz").status_code for _ in range(5)] == [200] * 5
    assert [client.post(route, json=JSON).status_code for route in ("/v1/repair", "/v1/detect")] == [200, 200]
    answer = client.post("/v1/repair", json=JSON)
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")
    assert 0 < int(answer.headers["Retry-After"]) <= 3601
    assert answer.json["detail"] == "More than 2 per 1 hour are not allowed."
    assert client.get("/metrics").status_code == 200


def test_each_token_has_a_rate_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    first, second = (tokens.add(name, path) for name in ("first", "second"))
    client = made(tokens_file=str(path), rate_limit="1/hour")
    order = (first, first, second, second)
    assert [client.post("/v1/repair", json=JSON, headers=bearer(each)).status_code for each in order] == [
        *(200, 429, 200, 429)
    ]


@pytest.mark.parametrize(("trusted", "statuses"), [(0, [200, 429]), (1, [200, 200])])
def test_a_proxy_is_believed_only_if_it_is_trusted(trusted: int, statuses: list[int]) -> None:
    client = made(rate_limit="1/hour", trusted_proxies=trusted)
    given = [{"X-Forwarded-For": f"10.0.0.{number}"} for number in (1, 2)]
    assert [client.post("/v1/repair", json=JSON, headers=headers).status_code for headers in given] == statuses


class Down(MemoryStorage):
    """A store that cannot be reached."""

    STORAGE_SCHEME: ClassVar = ["down"]

    def incr(self, *_: object, **__: object) -> int:
        raise ConnectionError

    def check(self) -> bool:
        return False


def test_each_worker_counts_for_itself_while_the_store_is_down() -> None:
    client = made(rate_limit="2/hour", rate_limit_store="down://")
    assert [client.post("/v1/repair", json=JSON).status_code for _ in range(3)] == [200, 200, 429]


def test_a_store_that_there_is_not_stops_the_start() -> None:
    with pytest.raises(ValueError, match="JIAOKAN_RATE_LIMIT_STORE: "):
        made(rate_limit="1/hour", rate_limit_store="nonsense://x")


# CORS


def test_other_origins_get_nothing_unless_set(client: FlaskClient) -> None:
    answer = client.post("/v1/repair", json=JSON, headers={"Origin": "https://a.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_origins_that_are_set_may_call(tmp_path: Path) -> None:
    tokens.add("crawler", tmp_path / "tokens")
    client = made(cors_origins=("https://a.example", "https://b.example"), tokens_file=str(tmp_path / "tokens"))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    answer = client.options("/v1/repair", headers={"Origin": "https://b.example", **asked})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://b.example"
    assert answer.headers["Access-Control-Allow-Headers"].lower() == "authorization, content-type"
    refused = client.post("/v1/repair", json=JSON, headers={"Origin": "https://a.example"})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == "https://a.example"
    exposed = set(refused.headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed == {"X-Request-ID", "Retry-After"}
    for origin in ("https://c.example", "https://axexample", "https://a.example.evil"):
        answer = client.post("/v1/repair", json=JSON, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") != origin
    assert "Access-Control-Allow-Origin" not in client.get("/healthz", headers={"Origin": "https://a.example"}).headers
