"""The files of the page as they are served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from jiaokan.settings import Settings
from jiaokan.web import create_app
from page.onpage import SAMPLES

STATIC = SAMPLES.parent
FILES = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file())
# Addresses with a host, and what the policy of the page forbids or a text could make use of.
FOREIGN = r"\bhttps?:|\beval\b|innerHTML|\son\w+=|\sstyle=|<style|<script(?! type=\"module\" src=)"
CODE = [name for name in FILES if name.endswith((".js", ".css", ".html"))]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings()).test_client()


def test_the_page_is_served_with_a_strict_policy(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    none, own = "'none'", "'self'"
    assert policy == {
        **dict.fromkeys(("default-src", "base-uri", "form-action", "frame-ancestors"), none),
        **dict.fromkeys(("script-src", "style-src", "connect-src", "img-src"), own),
    }


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_served_as_it_stands(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/page/{name}")
    assert answer.status_code == 200
    assert answer.data == (STATIC / name).read_bytes()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-cache"
    kinds = {".js": "text/javascript; charset=utf-8", ".txt": "application/octet-stream"}
    assert answer.content_type == kinds.get(Path(name).suffix, answer.content_type)
    again = client.get(f"/page/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["none.js", "", "../__init__.py", "%2e%2e/__init__.py", "js"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/page/{name}")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("name", CODE)
def test_a_file_is_short_and_names_no_other_host(name: str) -> None:
    code = (STATIC / name).read_text("utf-8")
    assert code.count("\n") < 300
    assert name.endswith(".html") or max(map(len, code.splitlines())) <= 120
    assert re.findall(FOREIGN, code) == []


def test_every_script_is_imported() -> None:
    scripts = {name for name in CODE if name.endswith(".js")}
    code = "".join((STATIC / name).read_text("utf-8") for name in CODE)
    imported = {f"js/{name}" for name in re.findall(r'from "\./([\w-]+\.js)"', code)}
    assert scripts - imported == {"js/main.js"}
