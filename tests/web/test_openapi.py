"""What the service says of itself, against what it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from conftest import Start, free_port, serving
from jiaokan.settings import Settings
from jiaokan.web import create_app, tokens
from jiaokan.web.problems import KINDS


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings()).test_client()


def test_every_route_is_described(client: FlaskClient) -> None:
    told = client.get("/openapi.json").json
    assert told["openapi"] == "3.1.0"
    routes = {rule.rule for rule in client.application.url_map.iter_rules() if rule.rule.startswith("/v1/")}
    assert routes <= told["paths"].keys()
    for operations in told["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert all(answer["description"] for answer in operation["responses"].values())


def test_every_member_has_words(client: FlaskClient) -> None:
    """An inherited member of a TypedDict would lose them."""
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    assert "runner_up" in schemas["Document"]["properties"]
    for name, schema in schemas.items():
        for member, about in schema.get("properties", {}).items():
            assert about.get("description"), f"{name}.{member}"


def test_the_page_of_the_docs_needs_no_other_host(client: FlaskClient) -> None:
    page = client.get("/docs", buffered=True)
    assert page.mimetype == "text/html"
    assert "http" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for part in ("docs.js", "docs.css", "swagger-ui.css", "swagger-ui-bundle.js"):
        assert f'"docs/{part}"' in page.text
        assert client.get(f"/docs/{part}", buffered=True).status_code == 200
    assert client.get("/docs/__init__.py").status_code == 404


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/docs/docs.js", "/problems/busy"])
def test_what_does_not_change_is_kept_by_clients(client: FlaskClient, path: str) -> None:
    first = client.get(path, buffered=True)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_every_type_of_problem_leads_to_its_explanation(client: FlaskClient) -> None:
    for name, kind in KINDS.items():
        answer = client.get(f"/problems/{name}")
        assert answer.text == f"{kind.status} {kind.title}\n\n{kind.when}\n"
    assert client.get("/problems/unknown").json["type"] == "/problems/not-found"


@pytest.fixture
def requests(seed: str, long: bool) -> tuple[str, ...]:
    """How many requests Schemathesis makes up for each route in each of its phases, and from what."""
    return ("--max-examples", "60" if long else "10", "--seed", seed)


def test_the_live_service_keeps_to_its_description(address: str, tmp_path: Path, requests: tuple[str, ...]) -> None:
    assert_conforms(address, tmp_path, *requests)


def test_a_service_with_tokens_does_too_and_asks_everyone_for_one(
    start: Start, tmp_path: Path, requests: tuple[str, ...]
) -> None:
    token, port = tokens.add("schemathesis", tmp_path / "tokens"), free_port()
    with serving(start, port, JIAOKAN_TOKENS_FILE=str(tmp_path / "tokens")):
        assert_conforms(f"http://127.0.0.1:{port}", tmp_path, *requests, "--header", f"Authorization: Bearer {token}")


def assert_conforms(address: str, folder: Path, *more: str) -> None:
    """Schemathesis makes requests of all kinds from the description, good and bad, and checks each answer."""
    schemathesis = Path(sys.executable).with_name("schemathesis")
    options = ["--checks", "all", "--no-color", *more]
    run = subprocess.run(
        [schemathesis, "run", f"{address}/openapi.json", *options],
        capture_output=True,
        text=True,
        timeout=280,
        cwd=folder,  # where it keeps what it found
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No issues found" in run.stdout
