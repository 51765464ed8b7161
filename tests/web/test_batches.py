"""Batches: in the test client what is answered, over a real socket how it comes."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from errno import ENOSPC
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from conftest import SERVICE, free_port
from jiaokan.pipeline import repair
from jiaokan.records import document
from jiaokan.web import problems, routes, spool
from jiaokan.web.batch import NDJSON, Limits
from jiaokan.web.repairers import Repairers
from jiaokan.web.window import Window
from jiaokan.web.work import Line, Tally, total

LINE, BODY, DOCUMENTS = 1000, 200_000, 500
DAMAGED = "現(xiàn)代金融"


@pytest.fixture(scope="module")
def repairers() -> Iterator[Repairers]:
    made = Repairers(2, 20)
    yield made
    made.close()


@pytest.fixture
def tallies() -> list[Tally]:
    return []


@pytest.fixture
def client(repairers: Repairers, tallies: list[Tally]) -> FlaskClient:
    app = Flask("batches", static_folder=None)
    app.register_blueprint(routes.repairing(repairers, Limits(LINE, BODY, DOCUMENTS), tallies.append))
    problems.install(app)
    return app.test_client()


def ask(client: FlaskClient, body: bytes, query: str = "", **headers: str) -> list[dict[str, object]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.post(f"/v1/batch{query}", data=body, content_type=NDJSON, headers=named)
    assert answer.status_code == 200
    assert answer.content_type == NDJSON
    assert answer.data.endswith(b"\n") or not answer.data
    return [json.loads(line) for line in answer.data.splitlines()]


def test_a_line_for_each_line(client: FlaskClient, tallies: list[Tally]) -> None:
    body = [DAMAGED, {"text": DAMAGED, "id": 7, "script": "keep"}, "plain"]
    rows = ask(client, b"\n".join(json.dumps(line).encode() for line in body))
    expected = [repair(DAMAGED), repair(DAMAGED, script="keep"), repair("plain")]
    assert rows[0] == {"line": 1, **document(expected[0])}
    assert rows[1] == {"line": 2, "id": 7, **document(expected[1])}
    assert rows[2] == {"line": 3, **document(expected[2])}
    told = total(tallies)
    assert (told.documents, told.characters) == (3, 2 * len(DAMAGED) + 5)
    assert sum(told.edits.values()) == sum(len(each.edits) for each in expected)


def test_blank_lines_are_skipped_and_counted(client: FlaskClient) -> None:
    rows = ask(client, b'\n  \n"a"\r\n\r\n\n"b"\n\n', "?members=text")
    assert rows == [{"line": 3, "text": "a"}, {"line": 6, "text": "b"}]


@pytest.mark.parametrize("body", [b"", b"\n", b"\n \n\t\n"])
def test_nothing_in_nothing_out(client: FlaskClient, body: bytes) -> None:
    assert ask(client, body) == []


def test_a_bad_line_is_answered_in_its_place(client: FlaskClient) -> None:
    long = b'"' + b"x" * LINE + b'"'
    rows = ask(client, b'"a"\nnope\n{"id": "i", "text": 1}\n' + long + b'\n"b"', "?members=text")
    assert [row["line"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row.get("text") for row in rows] == ["a", None, None, None, "b"]
    assert [row["problem"]["status"] for row in rows[1:4]] == [400, 422, 413]  # type: ignore[index]
    assert rows[2]["id"] == "i"


def test_the_query_holds_for_every_line(client: FlaskClient) -> None:
    rows = ask(client, b'"\xe5\x95\x8f"\n{"text": "\xe5\x95\x8f", "script": "simplified"}', "?script=keep&members=text")
    assert [row["text"] for row in rows] == ["問", "问"]


def test_only_the_members_that_are_asked_for(client: FlaskClient) -> None:
    (row,) = ask(client, b'{"text": "x", "id": 1}', "?members=diff,text&members=charset")
    assert list(row) == ["line", "id", "text", "charset", "diff"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("members=text,words", "?members/1"),
        ("members=", "?members/0"),
        ("script=both", "?script"),
        ("text=x", "?text"),
        ("id=1", "?id"),
    ],
)
def test_a_query_that_asks_what_is_not_known_is_422(client: FlaskClient, query: str, pointer: str) -> None:
    answer = client.post(f"/v1/batch?{query}", data=b'"x"', content_type=NDJSON)
    assert answer.status_code == 422
    assert json.loads(answer.data)["errors"][0]["pointer"] == pointer


def test_members_are_named_with_commas_or_one_by_one(client: FlaskClient) -> None:
    for query, members in (
        ("members=text,diff", {"text", "diff"}),
        ("members=text&members=scripts", {"text", "scripts"}),
    ):
        answer = client.post(f"/v1/batch?{query}", data=b'"x"', content_type=NDJSON)
        assert json.loads(answer.data).keys() == {"line"} | members


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_another_type_is_415(client: FlaskClient, content_type: str) -> None:
    assert client.post("/v1/batch", data=b'"x"', content_type=content_type).status_code == 415


@pytest.mark.parametrize("content_type", ["application/jsonl", "application/json-lines", f"{NDJSON}; charset=utf-8"])
def test_its_other_names_are_known(client: FlaskClient, content_type: str) -> None:
    assert client.post("/v1/batch", data=b'"x"', content_type=content_type).data.count(b"\n") == 1


def test_a_packed_body_is_read(client: FlaskClient) -> None:
    packed = gzip.compress(b'"a"\n"b') + gzip.compress(b'"\n')
    rows = ask(client, packed, "?members=text", Content_Encoding="gzip")
    assert [row["text"] for row in rows] == ["a", "b"]
    assert (
        client.post("/v1/batch", data=b"", content_type=NDJSON, headers={"Content-Encoding": "br"}).status_code == 415
    )


def test_a_broken_stream_ends_with_a_problem(client: FlaskClient) -> None:
    packed = gzip.compress(b'"a"\n' * 300)[:-9]
    rows = ask(client, packed, "?members=text", Content_Encoding="gzip")
    assert {row["text"] for row in rows[:-1]} == {"a"}
    assert rows[-1]["line"] == len(rows)
    assert rows[-1]["problem"]["status"] == 400  # type: ignore[index]


def test_more_documents_than_allowed_end_with_a_problem(client: FlaskClient) -> None:
    rows = ask(client, b'\n"a"' * DOCUMENTS, "?members=text")
    assert [row["line"] for row in rows] == list(range(2, DOCUMENTS + 2))
    rows = ask(client, b'\n"a"' * (DOCUMENTS + 9), "?members=text")
    assert [row["line"] for row in rows] == list(range(2, DOCUMENTS + 3))
    assert rows[-1]["problem"]["status"] == 413  # type: ignore[index]
    assert all("text" in row for row in rows[:-1])


def test_a_body_that_is_too_large_ends_with_a_problem(client: FlaskClient) -> None:
    body = (b'"' + b"x" * (LINE - 3) + b'"\n') * (BODY // LINE + 3)
    for rows in (ask(client, body), ask(client, gzip.compress(body), Content_Encoding="gzip")):
        assert rows[-1]["problem"]["detail"] == f"The body must not be larger than {BODY} bytes."  # type: ignore[index]


def test_a_full_disk_ends_it_with_a_problem(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(spool.Spool, "write", full)
    (row,) = ask(client, b'"a"\n' * 100)
    assert row["problem"]["status"] == 507  # type: ignore[index]


def test_a_bug_ends_it_with_a_problem(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a secret")

    monkeypatch.setattr(Window, "put", broken)
    (row,) = ask(client, b'"a"\n')
    assert row["problem"]["status"] == 500  # type: ignore[index]
    assert "secret" not in str(row)


def test_a_client_that_goes_leaves_nothing_running(client: FlaskClient, repairers: Repairers) -> None:
    body = json.dumps(DAMAGED * 40).encode() + b"\n"
    answer = client.post("/v1/batch", data=body * 200, content_type=NDJSON, buffered=False)
    assert next(answer.response)  # type: ignore[call-overload]
    answer.close()
    deadline = time.monotonic() + 20
    while repairers.waiting or any(thread.name == "batch" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_window_keeps_the_order_and_holds_back() -> None:
    out: list[bytes] = []
    window = Window(out.append, 2)
    lines: list[Line] = [(number, b"x" * 70_000) for number in range(1, 4)]
    assert window.put(lines)
    shares = [window.take(), window.take(), window.take()]
    assert [share and [number for number, _ in share.lines] for share in shares] == [[1], [2], [3]]
    one, two, three = (share for share in shares if share)
    window.give(three, b"3")
    window.finish(three)
    window.give(two, b"2a")
    window.give(two, b"2b")
    assert out == []
    window.give(one, b"1")
    window.finish(one)
    assert out == [b"1", b"2a", b"2b"]
    window.finish(two)
    assert out == [b"1", b"2a", b"2b", b"3"]
    window.put([(4, bytes(10_000_000))])
    late = threading.Thread(target=window.put, args=([(5, b"x")],))
    late.start()
    late.join(0.05)
    assert late.is_alive()
    window.cancel()
    late.join(10)
    assert window.take() is None
    assert not window.put([(6, b"x")])


APP = """
from flask import Flask
from jiaokan.web import batch, routes
from jiaokan.web.repairers import Repairers

def make():
    app = Flask("batches", static_folder=None)
    app.register_blueprint(routes.repairing(Repairers(2, 20), batch.Limits(10**6, 10**9, 10**6), lambda _: None))
    return app
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The port and the process of a server."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "batches.py").write_text(APP)
    port = free_port()
    environ = {**os.environ, "PYTHONPATH": f"{SERVICE}:{folder}"}
    options = ["--interface", "wsgi", "--factory", "--no-ws", "--port", str(port), "--blocking-threads", "4"]
    served = subprocess.Popen([sys.executable, "-m", "granian", *options, "batches:make"], env=environ)
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    try:
        yield port, served.pid
    finally:
        served.send_signal(signal.SIGTERM)
        try:
            served.wait(30)
        finally:
            served.kill()


def connected(port: int, length: int | None = None) -> socket.socket:
    """A connection with the head of a batch sent, chunked unless its length is known."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=60)
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    sock.sendall(
        f"POST /v1/batch?members=text HTTP/1.1\r\nHost: x\r\nContent-Type: {NDJSON}\r\n{size}\r\n\r\n".encode()
    )
    return sock


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def answers(sock: socket.socket) -> Iterator[bytes]:
    answer = http.client.HTTPResponse(sock)
    answer.begin()
    assert answer.status == 200
    while line := answer.readline():
        yield line


def test_a_client_that_waits_for_each_answer_gets_it(server: tuple[int, int]) -> None:
    with connected(server[0]) as sock:
        sock.sendall(chunk('"問題"\n'.encode()))
        told = answers(sock)
        assert json.loads(next(told)) == {"line": 1, "text": "问题"}
        for number in range(2, 20):
            sock.sendall(chunk(b'"%d"\n' % number))
            assert json.loads(next(told)) == {"line": number, "text": str(number)}
        sock.sendall(chunk(b'"a"\n"b"\n"c"'))
        assert json.loads(next(told))["text"] == "a"
        assert json.loads(next(told))["text"] == "b"
        sock.sendall(b"0\r\n\r\n")
        assert [json.loads(line)["text"] for line in told] == ["c"]


def memory(pid: int) -> dict[int, int]:
    """Bytes in memory of a process and of each of its offspring."""
    found, children = [pid], dict[int, list[int]]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(stat[1]), []).append(int(folder.name))
    for each in found:
        found += children.get(each, ())
    sizes = {}
    for each in found:
        try:
            sizes[each] = int(Path(f"/proc/{each}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return sizes


def send(sock: socket.socket, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        sock.sendall(piece)


@pytest.mark.parametrize("first", [True, False], ids=["sends first", "reads along"])
def test_memory_stays_flat(server: tuple[int, int], first: bool) -> None:
    """64 MB through a server whose processes grow by less than 40 MB, whenever the client reads."""
    port, pid = server
    line = json.dumps("干净的文字。" * 110, ensure_ascii=False).encode() + b"\n"
    count = 64_000_000 // len(line)
    with connected(port, len(line)) as sock:  # so that the processes are there
        sock.sendall(line)
        assert len(list(answers(sock))) == 1
    before, most, over = memory(pid), dict[int, int](), threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            for each, size in memory(pid).items():
                most[each] = max(most.get(each, 0), size)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with connected(port, count * len(line)) as sock:
        sender = threading.Thread(target=send, args=(sock, [line * 100] * (count // 100) + [line] * (count % 100)))
        sender.start()
        if first:
            sender.join()
        for number, told in enumerate(answers(sock), 1):
            assert told.startswith(b'{"line":%d,' % number)
        sender.join()
    over.set()
    watcher.join()
    assert number == count
    grown = {each: size - before.get(each, max(before.values())) for each, size in most.items()}
    assert len(grown) >= 4
    assert max(grown.values()) < 40_000_000


def test_a_client_that_goes_amid_its_body_does_no_harm(server: tuple[int, int]) -> None:
    for _ in range(8):  # more than the server has threads
        with connected(server[0]) as sock:
            sock.sendall(chunk(b'"a"\n' * 100))
            assert next(answers(sock))
        with connected(server[0], 10**6) as sock:
            sock.sendall(b'"a"\n' * 100)
    test_a_client_that_waits_for_each_answer_gets_it(server)


def test_deaths_amid_a_batch_leave_no_line_without_its_answer(server: tuple[int, int]) -> None:
    port, pid = server
    body = json.dumps("問題現(xiàn)代" * 200).encode() + b"\n"
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.1):
            for each in repairing(pid):
                os.kill(each, signal.SIGKILL)
                break

    killer = threading.Thread(target=kill)
    with connected(port, len(body) * 60) as sock:
        sock.sendall(body * 60)
        killer.start()
        rows = [json.loads(told) for told in answers(sock)]
        over.set()
        killer.join()
    assert [row["line"] for row in rows] == list(range(1, 61))
    assert all("text" in row or row["problem"]["status"] == 503 for row in rows)


def repairing(pid: int) -> list[int]:
    """The offspring that has no offspring of its own and is no server: the repairing processes."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue

    def depth(each: int) -> int:
        if each == pid:
            return 0
        return 1 + depth(parents[each]) if each in parents else -9

    return [each for each in parents if depth(each) == 3]
