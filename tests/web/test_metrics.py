"""What /metrics tells: bounded labels, counts that add up, also over several workers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

import jiaokan
from conftest import SERVICE
from jiaokan.settings import Settings
from jiaokan.web import create_app, metrics

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Tally(NamedTuple):
    documents: int
    characters: int
    edits: Mapping[str, int]
    doubts: Mapping[str, int]


TALLY = Tally(2, 700, {"script": 3, "annotation": 1}, {"gaps": 1})


@pytest.fixture
def app() -> Flask:
    return create_app(Settings())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def samples(exposition: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
    }


def scraped(client: FlaskClient) -> Samples:
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=")
    return samples(answer.get_data(as_text=True))


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((f"jiaokan_{name}", frozenset(labels.items())), 0.0)


def risen(client: FlaskClient, before: Samples, name: str, **labels: str) -> float:
    return value(scraped(client), name, **labels) - value(before, name, **labels)


def test_requests_are_counted_by_route_method_and_status(client: FlaskClient) -> None:
    before = scraped(client)
    for _ in range(3):
        client.post("/v1/repair", json={"text": "問題"})
    client.post("/v1/repair", data=b"{", content_type="application/json")
    repair = {"route": "/v1/repair", "method": "POST"}
    assert risen(client, before, "requests_total", **repair, status="200") == 3
    assert risen(client, before, "requests_total", **repair, status="400") == 1
    assert risen(client, before, "request_seconds_count", route="/v1/repair") == 4
    assert risen(client, before, "request_seconds_bucket", route="/v1/repair", le="+Inf") == 4
    assert risen(client, before, "request_seconds_sum", route="/v1/repair") > 0


def test_a_client_cannot_make_up_a_label(client: FlaskClient) -> None:
    client.get("/nowhere")
    client.open("/healthz", method="FROB")
    before = scraped(client)
    for number in range(20):
        assert client.get(f"/nowhere/{number}?secret").status_code == 404
        assert client.open("/healthz", method=f"FROB{number}").status_code == 405
    after = scraped(client)
    assert after.keys() == before.keys()
    assert risen(client, before, "requests_total", route="unmatched", method="GET", status="404") == 20
    assert risen(client, before, "requests_total", route="unmatched", method="OTHER", status="405") == 20


def test_what_was_done_is_counted_by_fault(client: FlaskClient) -> None:
    before = scraped(client)
    metrics.count(TALLY)
    metrics.count(TALLY)
    assert risen(client, before, "documents_total") == 4
    assert risen(client, before, "characters_total") == 1400
    assert risen(client, before, "edits_total", fault="script") == 6
    assert risen(client, before, "edits_total", fault="annotation") == 2
    assert risen(client, before, "doubts_total", fault="gaps") == 2


def test_a_streamed_answer_counts_as_it_goes_along_and_its_time_to_the_end(app: Flask) -> None:
    client = app.test_client()

    def parts() -> Iterator[bytes]:
        for _ in range(2):
            metrics.count(TALLY)
            yield b"x"

    app.add_url_rule("/stream", view_func=lambda: Response(parts()))
    before = scraped(client)
    answer = client.get("/stream", buffered=False)
    next(answer.iter_encoded())
    assert risen(client, before, "documents_total") == 2
    assert risen(client, before, "request_seconds_count", route="/stream") == 0
    assert risen(client, before, "requests_running") == 1
    answer.close()
    assert risen(client, before, "request_seconds_count", route="/stream") == 1
    assert risen(client, before, "requests_running") == 0


def test_the_queue_is_asked_for_when_it_is_told() -> None:
    app = create_app(Settings())
    waiting = [0, 7, 3]
    metrics.install(app, lambda: waiting.pop())
    assert [value(scraped(app.test_client()), "documents_waiting") for _ in range(3)] == [3, 7, 0]
    metrics.install(app)


def test_the_release_is_told(client: FlaskClient) -> None:
    assert value(scraped(client), "build_info", version=jiaokan.__version__) == 1


def test_openmetrics_for_those_who_ask_for_it(client: FlaskClient) -> None:
    answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.content_type.startswith("application/openmetrics-text")
    assert answer.data.endswith(b"# EOF\n")


WORKER = r"""
import sys
from types import SimpleNamespace
from jiaokan.settings import Settings
from jiaokan.web import create_app, metrics
client = create_app(Settings()).test_client()
metrics.install(client.application, lambda: 5)
metrics.count(SimpleNamespace(documents=1, characters=10, edits={"script": 2}, doubts={}))
client.post("/v1/repair", json={"text": "clean"})
sys.stdout.write(client.get("/metrics").get_data(as_text=True) + "# END\n")
sys.stdout.flush()
sys.stdin.read()
"""


def worker(folder: Path) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "PYTHONPATH": str(SERVICE), "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", WORKER], stdin=pipe, stdout=pipe, env=environ)


def told(program: subprocess.Popen[bytes]) -> Samples:
    assert program.stdout
    lines: list[str] = []
    while "# END\n" not in lines[-1:]:
        lines.append(program.stdout.readline().decode())
        assert lines[-1], lines
    return samples("".join(lines))


def test_workers_add_up_and_the_dead_leave_no_gauge(tmp_path: Path) -> None:
    """Each is asked after it has done the same as those before it; the first is killed in between."""
    programs = []
    try:
        for number in (1, 2, 3):
            programs.append(worker(tmp_path))
            found = told(programs[-1])
            alive = min(number, 2)
            assert value(found, "documents_total") == 2 * number  # one is told, one asked for
            assert value(found, "edits_total", fault="script") == 2 * number
            assert value(found, "requests_total", route="/v1/repair", method="POST", status="200") == number
            assert value(found, "documents_waiting") == 5 * alive
            assert value(found, "build_info", version=jiaokan.__version__) == 1
            if number == 2:
                programs[0].kill()
                programs[0].wait()
    finally:
        for program in programs:
            program.kill()
            program.communicate()


def test_a_worker_that_is_starting_or_gone_does_not_break_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is empty before it has its size, and another worker may remove the gauges of a dead one first."""
    program = worker(tmp_path)
    try:
        told(program)
        before = collected(tmp_path)
        own = next(tmp_path.glob("counter_*.db"))
        own.with_name("counter_999999.db").touch()
        own.with_name(f"gauge_livesum_{os.getpid()}.db").touch()
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        gone = own.with_name(f"gauge_livesum_{dead.pid}.db")
        gone.touch()
        monkeypatch.setattr(os, "kill", kill_after(gone.unlink, os.kill))
        metrics._remove_gauges_of_dead(tmp_path)
        assert not gone.exists()
        assert collected(tmp_path) == before
    finally:
        program.kill()
        program.communicate()


def collected(folder: Path) -> Samples:
    registry = CollectorRegistry()
    registry.register(metrics._SharedCounts(folder))
    return samples(generate_latest(registry).decode())


def kill_after(first: Callable[[], None], kill: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """``os.kill``; a process that is dead is seen to be so by another worker first, which does ``first``."""

    def killed(pid: int, number: int) -> None:
        try:
            kill(pid, number)
        except ProcessLookupError:
            first()
            raise

    return killed
