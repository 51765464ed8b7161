"""The documentation is true: what it shows is what happens, and nothing that exists goes unsaid.

In README.md and docs/, a ``console`` block shows commands and their output, a ``pycon`` block Python and its answers,
and an ``http`` block a request, followed by an ``http`` block with its answer. ``make docs`` writes the outputs anew.
"""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import werkzeug.exceptions
from flask.testing import FlaskClient

import jiaokan
from conftest import RUN, SERVICE
from jiaokan.batch.documents import ADDED
from jiaokan.cli import commands
from jiaokan.settings import Settings
from jiaokan.web import create_app
from jiaokan.web.problems import KINDS

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("batch", "cli", "http")))
# Options of other programs.
ELSEWHERE = {"--harm"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def refreshed(page: str) -> str:
    """The page with the output of every command and the answer to every request as they are now."""
    client = create_app(Settings()).test_client()
    answers: list[str] = []

    def block(match: re.Match[str]) -> str:
        kind, body = match.groups()
        if kind == "console":
            body = "".join(f"$ {command}\n{output(command)}" for command in typed(body))
        elif kind == "http" and answers:
            body = answers.pop()
        elif kind == "http":
            answers.append(answer(client, body))
        return f"```{kind}\n{body}```"

    return BLOCK.sub(block, page)


def blocks(page: Path, kind: str) -> list[str]:
    return [body for found, body in BLOCK.findall(page.read_text("utf-8")) if found == kind]


def typed(body: str) -> list[str]:
    return re.findall(r"^\$ (.*)$", body, re.MULTILINE)


def output(command: str) -> str:
    """What a command line prints in a shell in which ``jiaokan`` is this very package."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "jiaokan")
        program.write_text(f'#!/bin/sh\nexec {shlex.join(RUN)} "$@"\n')
        program.chmod(0o755)
        path = f"{folder}:{os.environ['PATH']}"
        environ = {**os.environ, "PATH": path, "PYTHONPATH": str(SERVICE), "COLUMNS": "100"}
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.stderr == "", command
    return done.stdout if done.stdout.endswith("\n") or not done.stdout else f"{done.stdout}\n"


def answer(client: FlaskClient, request: str) -> str:
    """The answer to a request, with JSON laid out for reading."""
    head, _, body = request.partition("\n\n")
    (method, target), *headers = (line.split(" ", 1) for line in head.splitlines())
    named = {name.removesuffix(":"): value for name, value in headers}
    given = client.open(target, method=method, headers=named, data=body.removesuffix("\n").encode())
    shown = given.get_data(as_text=True)
    if given.mimetype in ("application/json", "application/problem+json"):
        shown = json.dumps(json.loads(shown), ensure_ascii=False, indent=2)
    return f"HTTP/1.1 {given.status}\nContent-Type: {given.content_type}\n\n{shown}\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_what_happens(page: Path) -> None:
    text = page.read_text("utf-8")
    assert refreshed(text) == text, "run `make docs` and look at what it changed"


def test_a_page_that_shows_anything_else_is_caught() -> None:
    page = "```console\n$ printf 問題 | jiaokan repair\n問題\n```\n"
    assert refreshed(page) == "```console\n$ printf 問題 | jiaokan repair\n问题\n```\n"
    page = "```http\nGET /healthz\n```\n```http\nHTTP/1.1 404 NOT FOUND\n```\n"
    assert "HTTP/1.1 200 OK" in refreshed(page)


@pytest.mark.parametrize("body", blocks(ROOT / "README.md", "pycon"))
def test_python_examples_run(body: str) -> None:
    example = doctest.DocTestParser().get_doctest(body, {}, "README", "README.md", 0)
    assert example.examples
    assert doctest.DocTestRunner().run(example).failed == 0


def test_the_table_of_faults_is_true() -> None:
    rows = re.findall(r"^\| (\w+) \| `(.+)` \| (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [fault for fault, _, _ in rows] == ["transcoding", "alignment", "annotation", "script", "gaps"]
    assert [jiaokan.repair(damaged).text for _, damaged, _ in rows] == [clean for _, _, clean in rows]


def test_curl_examples_are_answered() -> None:
    client = create_app(Settings()).test_client()
    found = [shlex.split(line) for body in blocks(ROOT / "README.md", "sh") for line in body.splitlines()]
    calls = [words[1:] for words in found if words[0] == "curl"]
    assert calls
    for *options, address in calls:
        given = dict(zip(options[::2], options[1::2], strict=True))
        name, _, value = given["-H"].partition(": ")
        route = address.removeprefix("localhost:8000")
        assert client.post(route, data=given["-d"].encode(), headers={name: value}).status_code == 200


@pytest.mark.parametrize("name", commands.commands)
def test_every_command_shows_its_help(name: str) -> None:
    shown = [command for body in blocks(ROOT / "docs" / "cli.md", "console") for command in typed(body)]
    assert f"jiaokan {name} --help" in shown


def test_every_option_that_is_named_exists() -> None:
    known = {name for command in commands.commands.values() for option in command.params for name in option.opts}
    known |= {"--help", "--version"}
    for page in (ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("batch", "cli", "serve"))):
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page.read_text("utf-8")))
        assert named - known - ELSEWHERE == set(), page


def test_every_option_of_repair_is_explained() -> None:
    page = "".join((ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in ("batch", "cli"))
    explained = re.sub(r"^```console\n\$ jiaokan \w+ --help\n.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    options = [option.opts for option in commands.commands["repair"].params if option.opts[0].startswith("-")]
    unsaid = {max(names, key=len) for names in options if not any(name in explained for name in names)}
    assert unsaid <= {
        "--charset",
        "--consent",
        "--script",
        "--punctuation",
        "--skip",
        "--dropped-words",
    }  # the help says it


def test_every_field_that_can_be_added_is_listed() -> None:
    page = (ROOT / "docs" / "batch.md").read_text("utf-8")
    listed = re.findall(r"`jiaokan\.([a-z_]+)`", page.partition("| field |")[2].partition("\n\n")[0])
    assert sorted(listed) == sorted(ADDED)


def test_every_route_is_described() -> None:
    page = (ROOT / "docs" / "http.md").read_text("utf-8")
    rules = create_app(Settings()).url_map.iter_rules()
    routes = {f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert set(re.findall(r"^## `(.+?)`$", page, re.MULTILINE)) == routes


def test_every_kind_of_problem_is_listed() -> None:
    page = (ROOT / "docs" / "http.md").read_text("utf-8")
    listed = re.findall(r"^\| (\d{3}) \| `/problems/(.+)` \| (.+) \|$", page, re.MULTILINE)
    assert listed == [(str(kind.status), kind.name, kind.when) for kind in KINDS.values()]


def test_every_status_that_is_raised_has_a_kind() -> None:
    assert {kind.status for kind in KINDS.values()} >= {*raised()}


def raised() -> Iterator[int]:
    """The statuses of the werkzeug exceptions that ``web/`` names."""
    for path in (SERVICE / "jiaokan" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found = getattr(werkzeug.exceptions, node.id, None) if isinstance(node, ast.Name) else None
            if isinstance(found, type) and issubclass(found, werkzeug.exceptions.HTTPException) and found.code:
                yield found.code


def test_the_version_is_the_same_everywhere() -> None:
    assert f'\nversion = "{jiaokan.__version__}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[(\d\S*)\]", changelog, re.MULTILINE)[0] == jiaokan.__version__


@pytest.mark.parametrize("page", [ROOT / "docs" / "how-it-works.md"], ids=lambda path: path.name)
def test_the_modules_that_a_page_names_exist(page: Path) -> None:
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", page.read_text("utf-8")))
    assert named
    assert [
        name for name in sorted(named) if not any((ROOT / part / name).exists() for part in ("service/jiaokan", ""))
    ] == []


if __name__ == "__main__":
    for stale in PAGES:
        stale.write_text(refreshed(stale.read_text("utf-8")), "utf-8")
        sys.stdout.write(f"{stale.relative_to(ROOT)}\n")
