"""Processes that repair: how they are asked, and how they end."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from werkzeug.exceptions import InternalServerError

from jiaokan.pipeline import repair
from jiaokan.records import document
from jiaokan.web import repairers as module
from jiaokan.web import work
from jiaokan.web.asked import Asked
from jiaokan.web.repairers import Crashed, OutOfTime, Repairers, _Idle, _Repairer
from jiaokan.web.work import Form, Line, Wanted

SERVICE = Path(__file__).parents[2] / "service"
DAMAGED = "現(xiàn)代金融"
ALL = Wanted({}, frozenset({"text"}), 10**6)


@pytest.fixture(scope="module")
def two() -> Iterator[Repairers]:
    repairers = Repairers(2, 20)
    yield repairers
    repairers.close()


def pids(repairers: Repairers) -> list[int]:
    return [each._process.pid for each in repairers._all if each._process and each._process.pid]


def lines(count: int) -> list[Line]:
    return [(number, f'"{number} 問題"'.encode()) for number in range(1, count + 1)]


def shown(repairers: Repairers, given: list[Line]) -> list[dict[str, object]]:
    return [json.loads(row) for told in repairers.answer_lines(given, ALL) for row in told.body.splitlines()]


def end() -> None:
    os._exit(3)


def end_at(path: str, times: int) -> str:
    """End the process the first ``times`` times that it is called."""
    with open(path, "a") as file:
        file.write("x")
    if os.path.getsize(path) <= times:
        os._exit(3)
    return "survived"


def bug(text: str) -> None:
    raise ValueError(f"cannot read {text}")


def killer(given: list[Line], *_: object) -> work.Answers:
    """As ``answer_lines``; a line that says so ends the process, another takes for ever."""
    for _, raw in given:
        if raw and b"kill" in raw:
            os._exit(3)
        if raw and b"sleep" in raw:
            time.sleep(60)
    return work.answer_lines(given, ALL, 60)


def test_what_is_damaged_is_repaired_elsewhere_and_what_is_clean_here(two: Repairers) -> None:
    asked = Asked(DAMAGED, None, {})
    assert json.loads(two.answer(asked, Form.DOCUMENT).body) == document(repair(DAMAGED))
    told = two.answer(Asked(DAMAGED.encode("gbk", "replace"), "gbk", {"script": "keep"}), Form.TEXT)
    assert told.tally.documents == 1


def test_clean_documents_are_answered_without_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Repairers(1, 20)
    for source in ("现代金融", "现代金融".encode(), b"plain"):
        asked = Asked(source, None, {})
        assert alone.answer(asked, Form.DOCUMENT) == work.answer(asked, Form.DOCUMENT)
    assert pids(alone) == []
    asked_elsewhere = list[object]()
    monkeypatch.setattr(alone, "_twice", lambda *given: asked_elsewhere.append(given))
    alone.answer(Asked("现代金融", None, {"dropped_words": ["金融"]}), Form.TEXT)
    alone.answer(Asked("现代金融,", None, {"punctuation": "fullwidth"}), Form.TEXT)
    alone.answer(Asked("现" * 100_000, None, {}), Form.TEXT)
    assert len(asked_elsewhere) == 3
    alone.close()


def test_lines_are_answered_in_order(two: Repairers) -> None:
    assert [row["text"] for row in shown(two, lines(50))] == [f"{number} 问题" for number in range(1, 51)]


def test_they_start_in_the_background_and_say_when_they_are_ready() -> None:
    repairers = Repairers(2, 20)
    assert not repairers.ready()
    repairers.start()
    deadline = time.monotonic() + 60
    while not repairers.ready():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    repairers.close()
    assert not repairers.ready()
    with pytest.raises(Crashed):
        repairers.answer(Asked(DAMAGED, None, {}), Form.TEXT)


def test_a_document_that_takes_too_long_is_stopped(two: Repairers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two, "_max_seconds", 0.3)
    two._twice(int)
    before = time.monotonic()
    with pytest.raises(OutOfTime, match=r"longer than 0\.3 seconds") as told:
        two._twice(time.sleep, 60)
    assert time.monotonic() - before < 5
    assert "Retry-After" not in dict(told.value.get_headers())
    monkeypatch.undo()
    assert two._twice(int) == 0


def test_a_line_that_takes_too_long_has_a_problem_and_its_neighbours_do_not(
    two: Repairers, monkeypatch: pytest.MonkeyPatch
) -> None:
    two._twice(int)
    monkeypatch.setattr(two, "_max_seconds", 3)  # on a busy machine a line that does nothing takes one
    monkeypatch.setattr(work, "answer_lines", killer)
    given: list[Line] = [(1, b'"a"'), (2, b'"sleep"'), (3, b'"c"')]
    rows = shown(two, given)
    assert [row["line"] for row in rows] == [1, 2, 3]
    assert [row.get("text") for row in rows] == ["a", None, "c"]
    assert rows[1]["problem"]["status"] == 503  # type: ignore[index]


def test_a_line_that_ends_its_process_has_a_problem_and_its_neighbours_do_not(
    two: Repairers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "answer_lines", killer)
    given: list[Line] = [(1, b'"a"'), (2, b'"kill"'), (3, b'"c"')]
    rows = shown(two, given)
    assert [row.get("text") for row in rows] == ["a", None, "c"]
    assert rows[1]["problem"]["detail"] == "The document ended the process that repaired it."  # type: ignore[index]


def test_a_death_is_tried_once_more(two: Repairers, tmp_path: Path) -> None:
    assert two._twice(end_at, str(tmp_path / "once"), 1) == "survived"
    with pytest.raises(Crashed):
        two._twice(end_at, str(tmp_path / "twice"), 2)
    assert two._twice(int) == 0


def test_a_process_that_dies_idle_is_replaced(two: Repairers) -> None:
    two._twice(int)
    for pid in pids(two):
        os.kill(pid, signal.SIGKILL)
    while any(each._process and each._process.is_alive() for each in two._all):
        time.sleep(0.01)  # what has ended is told by the process that made it
    assert [two._once(os.getpid) for _ in range(4)]


def test_what_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_repair", end)
    alone = Repairers(1, 20)
    with pytest.raises(Crashed, match="No process to repair with starts"):
        alone._twice(int)
    alone.close()


def test_a_bug_is_told_and_logged_without_the_text(two: Repairers, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(InternalServerError) as told:
        two._twice(bug, "a secret")
    assert told.value.description == work.FAILED
    assert "ValueError at " in caplog.text
    assert "secret" not in caplog.text


def test_what_waits_is_counted(two: Repairers) -> None:
    assert two.waiting == 0
    with ThreadPoolExecutor(5) as threads:
        done = [threads.submit(two._once, time.sleep, 0.3) for _ in range(5)]
        time.sleep(0.1)
        assert two.waiting == 5
        assert [each.result() for each in done] == [None] * 5
    assert two.waiting == 0


def test_who_comes_first_is_served_first() -> None:
    one = _Repairer()
    idle, order = _Idle([one]), list[int]()
    taken, started = idle.take(), list[Thread]()

    def take(number: int, come: Event) -> None:
        come.set()
        mine = idle.take()
        order.append(number)
        idle.give(mine)

    for number in range(5):
        come = Event()
        started.append(Thread(target=take, args=(number, come)))
        started[-1].start()
        come.wait()
        while len(idle._waiting) <= number:
            time.sleep(0.001)
    idle.give(taken)
    for thread in started:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_signals_to_the_group_do_not_end_them(two: Repairers) -> None:
    two._twice(int)
    before = pids(two)
    for pid in before:
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    time.sleep(0.1)
    assert {two._once(os.getpid) for _ in range(4)} <= set(before)


def test_the_end_of_the_process_they_are_forked_from_ends_nothing(two: Repairers) -> None:
    two._twice(int)
    origin = int(Path(f"/proc/{pids(two)[0]}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(origin, signal.SIGTERM)  # as it gets when the whole group does, and does not hear
    os.kill(origin, signal.SIGINT)
    assert [two._once(int) for _ in range(4)] == [0] * 4
    assert not gone(origin)
    os.kill(origin, signal.SIGKILL)
    wait_until(lambda: gone(origin))
    assert [two._once(int) for _ in range(4)] == [0] * 4
    for pid in pids(two):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: all(each._pipe and each._pipe.poll() for each in two._all if each._process))
    assert two._twice(int) == 0


def test_a_hundred_deaths_leave_no_line_without_its_answer(two: Repairers) -> None:
    """Each line has its text, or a problem if it was there when two processes died."""
    page = "問題現(xiàn)代" * 300
    over, killed, chance = Event(), list[int](), random.Random(6)

    def kill() -> None:
        while not over.is_set() and len(killed) < 100:
            if running := pids(two):
                pid = chance.choice(running)
                try:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                except ProcessLookupError:
                    pass
            time.sleep(chance.uniform(0.03, 0.12))

    given = [(number, f'"{number} {page}"'.encode()) for number in range(1, 41)]
    thread = Thread(target=kill)
    thread.start()
    try:
        while len(killed) < 100:
            rows = shown(two, [*given])
            assert [row["line"] for row in rows] == [number for number, _ in given]
            assert all(("text" in row) or row["problem"]["status"] == 503 for row in rows)  # type: ignore[index]
            assert any("text" in row for row in rows)
    finally:
        over.set()
        thread.join()
    assert all("text" in row for row in shown(two, [*given]))


PARENT = """
import sys, time
from jiaokan.web.repairers import Repairers
repairers = Repairers(2, 60)
from threading import Thread
if __name__ == "__main__":
    for _ in range(2):
        repairers._once(int)
    print(*(each._process.pid for each in repairers._all), flush=True)
    Thread(target=repairers._once, args=(time.sleep, 60), daemon=True).start()
    time.sleep(0.2)
    {then}
"""


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize(
    ("then", "stop"),
    [
        ("time.sleep(60)", signal.SIGKILL),
        ("time.sleep(60)", signal.SIGTERM),
        ("sys.exit()", None),
        ("repairers.close(); sys.exit()", None),
    ],
)
def test_they_end_with_the_server_however_it_ends(tmp_path: Path, then: str, stop: signal.Signals | None) -> None:
    program = tmp_path / "server.py"
    program.write_text(PARENT.format(then=then))
    environ = {**os.environ, "PYTHONPATH": str(SERVICE)}
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, env=environ) as parent:
        assert parent.stdout
        running = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(running) == 2
        if stop:
            parent.send_signal(stop)
        parent.wait(30)
        wait_until(lambda: all(map(gone, running)))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
