"""Runs of ``jiaokan repair`` from outside: how long they take, what memory each process has, and killing them."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bench.harness import environment
from bench.processes import memory as resident
from bench.processes import tree

# What each process of a loop over the library does: read its share of the lines, then repair each text.
LOOP: Final = """
import json, sys, time
from jiaokan import repair
path, number, of = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(path, "rb") as file:
    texts = [json.loads(line)["text"] for place, line in enumerate(file) if place % of == number]
repair("現(xiàn)代").text
print("ready", flush=True)
sys.stdin.readline()
began = time.perf_counter(), time.process_time()
for text in texts:
    repair(text).text
print(time.perf_counter() - began[0], time.process_time() - began[1])
"""
_LOOK: Final = 0.05  # seconds between two looks at the memory
_PATIENCE: Final = 30.0  # seconds that the workers of a killed run have to end in


class Ran(NamedTuple):
    """What a run took.

    Attributes:
        seconds: from its start to its end.
        cpu: seconds of processor time, of all its processes.
        code: its exit status.
        said: what it said on standard error.
        memory: at each look, seconds since the start and the bytes of memory of its largest worker.
    """

    seconds: float
    cpu: float
    code: int
    said: str
    memory: Sequence[tuple[float, int]] = ()

    @property
    def peak(self) -> int:
        """Bytes of memory of its largest worker, at most."""
        return max((size for _, size in self.memory), default=0)

    @property
    def growth(self) -> float:
        """How much more its largest worker has at most in the second half than in the first, as a share."""
        halves = [[size for at, size in self.memory if (at > self.seconds / 2) is late] for late in (False, True)]
        early, late = (max(half, default=1) for half in halves)
        return late / early - 1


def command(path: Path, folder: Path, jobs: int, *more: str) -> list[str]:
    """The command line that repairs a file of JSON Lines into a folder."""
    asked = ["repair", "--jobs", str(jobs), "--format", "jsonl", "-o", str(folder), *more, str(path)]
    return [sys.executable, "-m", "jiaokan.cli", *asked]


def run(path: Path, folder: Path, jobs: int, *more: str, watched: bool = False) -> Ran:
    """Repair a file into a new folder; ``watched`` looks at the memory meanwhile, which costs a little time."""
    shutil.rmtree(folder, ignore_errors=True)
    began = time.perf_counter()
    started = _start(command(path, folder, jobs, *more))
    memory: list[tuple[float, int]] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK):
            memory.append((time.perf_counter() - began, largest(started.pid)))

    watcher = threading.Thread(target=watch, daemon=True)
    if watched:
        watcher.start()
    assert started.stderr is not None
    said = started.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(started.pid, 0)
    seconds = time.perf_counter() - began
    started.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    if watched:
        watcher.join()
    return Ran(seconds, used.ru_utime + used.ru_stime, started.returncode, said, memory)


def loop(path: Path, processes: int) -> tuple[float, float]:
    """Seconds and processor time that loops over the library take for all texts, side by side."""
    asked = [[sys.executable, "-c", LOOP, str(path), str(each), str(processes)] for each in range(processes)]
    started = [
        subprocess.Popen(each, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for each in asked
    ]
    for each in started:
        assert each.stdout is not None
        if each.stdout.readline() != "ready\n":
            raise SystemExit("bench: the loop over the library did not start")
    for each in started:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    told = [[float(word) for word in each.communicate()[0].split()] for each in started]
    return max(seconds for seconds, _ in told), sum(cpu for _, cpu in told)


def largest(pid: int) -> int:
    """Bytes of memory of the largest process of a run: a worker, or the first where it does all itself."""
    return max((resident(process.pid) for process in tree(pid)), default=0)


def killed(path: Path, folder: Path, jobs: int, most: float, chance: random.Random, kills: int) -> Iterator[int]:
    """Kill a run at random moments and let it go on, until it comes to its end; the moments, in milliseconds.

    Args:
        most: seconds after which a run is killed at the latest.
        kills: how often at most.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(kills):
        started = _start(command(path, folder, jobs, *_again(folder)))
        moment = chance.uniform(0, most)
        try:
            started.wait(moment)
        except subprocess.TimeoutExpired:
            workers = [process.pid for process in tree(started.pid)]
            if number % 2:  # the first process alone; or all, as where the power fails
                started.kill()
            else:
                os.killpg(started.pid, signal.SIGKILL)
            started.communicate()
            _wait_for_end(workers)
            yield round(moment * 1000)
        else:
            _, said = started.communicate()
            if started.returncode:
                raise SystemExit(f"bench: it could not go on: {said.decode(errors='replace')}") from None
            return


def finish(path: Path, folder: Path, jobs: int) -> int:
    """Let a run that was killed go on to its end; its exit status."""
    started = _start(command(path, folder, jobs, *_again(folder)))
    started.communicate()
    return started.returncode


def contents(folder: Path) -> dict[str, str]:
    """The digest of every file in a folder, by its path in there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _again(folder: Path) -> list[str]:
    return ["--resume"] if folder.exists() else []


def _start(asked: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        asked, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def _wait_for_end(pids: Sequence[int]) -> None:
    """Until the workers of a killed run have ended, too."""
    until = time.monotonic() + _PATIENCE
    while any(resident(pid) for pid in pids):
        if time.monotonic() > until:
            raise SystemExit(f"bench: a run was killed, and some of {pids} did not end")
        time.sleep(_LOOK)
