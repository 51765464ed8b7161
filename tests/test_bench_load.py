"""The bench of load: a request that got no right answer is never taken for one that did."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from bench.servers import Server, free_port, running
from bench.tasks import load_clients
from bench.tasks.load_clients import Client, Outcome, judged
from bench.tasks.load_soak import Soaked, kill
from bench.tasks.load_texts import Load, batch, single

SINGLE = single("one", ["現代"])
BATCH = batch("three", ["現代", "漢字", "問題"], 3)
TEXTS = ("现代", "汉字", "问题")


class Stub(BaseHTTPRequestHandler):
    """What a server may do with a batch of three, by the text of its first document."""

    protocol_version = "HTTP/1.1"
    problem = b'{"problem": {"type": "about:blank", "title": "Bad Request", "status": 400}}\n'

    def do_POST(self) -> None:
        """Answer in chunks, as a stream is answered."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(body.splitlines()[0])["text"]
        lines = [json.dumps({"text": text}).encode() + b"\n" for text in TEXTS]
        if asked == "late":
            time.sleep(1)
        if asked == "busy":
            self.send_error(503)
            return
        if asked == "gone":
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if asked == "problem":
            lines[1] = self.problem
        for line in lines[: 2 if asked in ("cut", "short") else 3]:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        if asked == "cut":
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def stub() -> Iterator[Server]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Server("stub", server.server_port, 0)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        ("right", Outcome.RIGHT),
        ("problem", Outcome.ERROR),  # in the place of a document
        ("busy", Outcome.ERROR),
        ("cut", Outcome.CUT),  # amid the stream, without its end
        ("gone", Outcome.CUT),
        ("short", Outcome.WRONG),  # a whole answer that lacks a document
        ("late", Outcome.LATE),
    ],
)
def test_a_client_sees_what_became_of_its_batch(
    first: str, outcome: Outcome, stub: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_clients, "PATIENCE", 0.5)
    client = Client(stub)
    body = batch("asked", [first, "", ""], 3).bodies[0]
    assert client.outcome(BATCH, body, TEXTS) is outcome
    client.close()


def test_a_client_goes_on_after_its_connection_ended(stub: Server) -> None:
    client = Client(stub)
    bodies = [batch("asked", [first, "", ""], 3).bodies[0] for first in ("gone", "right")]
    assert [client.outcome(BATCH, body, TEXTS) for body in bodies] == [Outcome.CUT, Outcome.RIGHT]
    client.close()


def test_nobody_listens_to_a_client() -> None:
    client = Client(Server("none", free_port(), 0))
    assert client.outcome(SINGLE, SINGLE.bodies[0], TEXTS[:1]) is Outcome.CUT


@pytest.mark.parametrize(
    ("load", "rows", "outcome"),
    [
        (SINGLE, [{"text": "现代"}], Outcome.RIGHT),
        (SINGLE, [{"text": "現代"}], Outcome.WRONG),
        (SINGLE, [{}], Outcome.WRONG),
        (BATCH, [{"text": "汉字"}, {"text": "现代"}, {"text": "问题"}], Outcome.WRONG),  # out of order
        (BATCH, [{"text": text} for text in TEXTS], Outcome.RIGHT),
        (BATCH, [], Outcome.WRONG),
    ],
)
def test_an_answer_is_judged_by_its_texts(load: Load, rows: Sequence[object], outcome: Outcome) -> None:
    content = b"\n".join(json.dumps(row).encode() for row in rows)
    assert judged(load, content, TEXTS[: len(load.requests[0])]) is outcome


def test_what_is_not_json_is_no_answer() -> None:
    assert judged(SINGLE, b"<html>", TEXTS[:1]) is Outcome.WRONG


def test_a_batch_holds_every_text() -> None:
    load = batch("five", list("甲乙丙丁戊"), 2)
    assert load.requests == (("甲", "乙"), ("丙", "丁"), ("戊", "甲"))
    assert [json.loads(line)["text"] for line in load.bodies[2].splitlines()] == ["戊", "甲"]
    assert (load.documents, load.size) == (2, 6)


@pytest.mark.parametrize(
    ("late", "growth"),
    [(100, 0.0), (150, 0.5), (90, -0.1)],
)
def test_growth_is_from_the_second_tenth_to_the_last(late: int, growth: float) -> None:
    memory = [(0, 10), (100, 100), (150, 100), (900, late), (1000, late)]
    assert Soaked(1000, 0, memory).growth == pytest.approx(growth)


def test_the_processes_of_a_server_are_those_below_it() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as started:
        server = Server("tree", 0, started.pid)
        deadline = time.monotonic() + 30
        while not (server.workers() and server.memory()) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [process.pid for process in server.processes()] == [started.pid, *server.workers()]
        assert len(server.workers()) == 1
        assert server.repairers() == []
        assert server.memory() > 1_000_000
        started.communicate(b"\n")
    assert server.processes() == []


def test_a_peer_is_served_as_jiaokan_is_and_killing_its_worker_is_seen() -> None:
    with running("echo", 1) as server:
        assert len(server.workers()) == 1
        same = single("clean", ["你好"])
        seen = kill(server, same, 2, "worker", 2.0)
        assert seen.outcomes[Outcome.RIGHT]
        assert seen.outcomes[Outcome.CUT]
        assert not seen.outcomes.get(Outcome.LATE)
        with pytest.raises(LookupError):
            kill(server, same, 1, "repairer", 0.4)
    assert server.processes() == []
