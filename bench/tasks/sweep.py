"""What each number of the core is worth: moved by half up and down, how many documents come out otherwise.

The numbers are those of ``bench numbers``. A number is moved in the source itself, in a copy of the package whose other
files are links, and a fresh process repairs the documents with that: what was worked out of the number at import moves
with it, also a pattern or another constant. A number from 0 to 1 is a share and moves by a third of the way to 1 and to
0; every other is multiplied and divided by 1.5, an integer by 1 at least; a table moves as a whole.

The documents are the cases of ``bench accuracy``, half of them sound, from the packages or, with --small, from the
small corpus; ``-n`` of them in all. Results go to a file as they come (--kept), and what stands there is not measured
again: a sweep can be broken off and goes on. A move takes 2.6 s of processor time over 50 documents, most of it for the
damaged ones, so a sweep over 20,000 is one of days: ``--only`` takes what belongs to a file or a name, and
``--silent-in`` those numbers alone that changed nothing in the results of a smaller one.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.harness import RESULTS, ROOT, Run, Task, commit, environment
from bench.tables import Block, Lines, Table, percent
from bench.tasks.numbers import CORE, Number, core_numbers

_FACTOR: Final = 1.5
_SLOWER: Final = 10  # times the seconds without a move, after which a run is given up
_STARTS: Final = 60.0  # seconds more, for the start of a process
ASPECTS: Final = ("text", "edits", "doubts")
MOVES: Final = ("up", "down")
_FAILED: Final = "failed"
_SLOW: Final = "slow"


class Job(NamedTuple):
    """A number to move, and what it is measured on.

    Attributes:
        documents: a file of them, pickled.
        expected: the outcomes without a move.
        patience: seconds, after which the move counts as slow.
    """

    number: Number
    move: str
    documents: Path
    expected: list[list[str]]
    patience: float

    @property
    def key(self) -> str:
        """What names the job in the file of results."""
        return _key(self.number, self.move)


def _key(number: Number, move: str) -> str:
    place = number.places[0]
    return f"{number.file}:{place.line}:{place.start} {number.name} {number.value} {move}"


def moved(literal: str, move: str) -> str:
    """A literal moved by half.

    >>> [moved(literal, move) for literal in ("3.0", "0.9", "2", "1e-4") for move in MOVES]
    ['4.5', '2.0', '0.9333333333333333', '0.6000000000000001', '3', '1', '0.3334', '6.666666666666667e-05']
    """
    value = float(literal.replace("_", ""))
    up = move == "up"
    if re.fullmatch(r"[\d_]+", literal):
        whole = round(value * _FACTOR) if up else round(value / _FACTOR)
        return str(max(whole, int(value) + 1) if up else min(whole, int(value) - 1))
    if 0 < value < 1:
        return repr(value + (1 - value) / 3 if up else value - value / 3)
    return _scaled(literal, move)


def _scaled(literal: str, move: str) -> str:
    return repr(float(literal) * _FACTOR if move == "up" else float(literal) / _FACTOR)


def copy_with(number: Number, move: str, folder: Path) -> None:
    """The package in a folder with one number moved; all other files are links."""
    shutil.copytree(CORE, folder / "jiaokan", copy_function=_link)
    changed = folder / "jiaokan" / number.file
    lines = changed.read_text(encoding="utf-8").split("\n")
    for place in sorted(number.places, reverse=True):
        line = lines[place.line - 1]
        literal = line[place.start : place.end]
        new = moved(literal, move) if number.kind != "tables" else _scaled(literal, move)
        lines[place.line - 1] = line[: place.start] + new + line[place.end :]
    changed.unlink()
    changed.write_text("\n".join(lines), encoding="utf-8")


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)


def outcomes(documents: Path, package: Path, patience: float | None = None) -> list[list[str]]:
    """Digests of text, edits and doubts of each document, by a package in a folder, in a process of its own.

    Raises:
        CalledProcessError: it ended with an error.
        TimeoutExpired: it took longer than ``patience`` seconds.
    """
    command = [sys.executable, "-m", "bench.tasks.sweep", str(documents)]
    environ = environment()
    environ["PYTHONPATH"] = f"{package}:{ROOT}"
    done = subprocess.run(command, env=environ, check=True, capture_output=True, timeout=patience)
    found: list[list[str]] = json.loads(done.stdout)
    return found


def measure(job: Job) -> dict[str, Any]:
    """How many documents come out otherwise in each aspect, or why that is not known."""
    with tempfile.TemporaryDirectory(prefix="jiaokan-sweep-") as folder:
        copy_with(job.number, job.move, Path(folder))
        try:
            found = outcomes(job.documents, Path(folder), job.patience)
        except subprocess.TimeoutExpired:
            return {"key": job.key, _SLOW: True}
        except subprocess.CalledProcessError:
            return {"key": job.key, _FAILED: True}
    pairs = list(zip(found, job.expected, strict=True))
    changed = {aspect: sum(one[at] != other[at] for one, other in pairs) for at, aspect in enumerate(ASPECTS)}
    return {"key": job.key, **changed, "any": sum(one != other for one, other in pairs)}


def sample(number: int, seed: int) -> list[str | bytes]:
    """``number`` documents: the sources of cases of every kind in turn, as many sound ones as damaged ones."""
    from bench.tasks.accuracy import cases

    kinds: dict[bool, dict[str, list[str | bytes]]] = {True: {}, False: {}}
    for case in cases(max(2, number // 25), seed):
        kinds[case.judge == "sound"].setdefault(case.kind, []).append(case.source)
    halves = (
        (source for source in chain.from_iterable(zip_longest(*half.values())) if source is not None)
        for half in kinds.values()
    )
    both = (source for pair in zip_longest(*halves) for source in pair if source is not None)
    return list(both)[:number]


def _run(run: Run) -> Iterator[Block]:
    numbers = [each for each in core_numbers() if run.options.only in f"{each.file} {each.name}"]
    if run.options.silent_in:
        before = _read(Path(run.options.silent_in))
        numbers = [each for each in numbers if not any(before[_key(each, move)].get("any", 1) for move in MOVES)]
    kept = Path(run.options.kept or RESULTS / f"sweep-{commit()}-{run.number}-{run.seed}.jsonl")
    kept.parent.mkdir(parents=True, exist_ok=True)
    known = _read(kept)
    with tempfile.TemporaryDirectory() as folder:
        documents = Path(folder) / "documents"
        documents.write_bytes(pickle.dumps(sample(run.number, run.seed)))
        expected, seconds = _timed(partial(outcomes, documents, CORE.parent))
        patience = _STARTS + _SLOWER * seconds
        jobs = [Job(number, move, documents, expected, patience) for number in numbers for move in MOVES]
        with kept.open("a", encoding="utf-8") as file:
            for result in run.map(measure, [job for job in jobs if job.key not in known]):
                file.write(json.dumps(result, ensure_ascii=False) + "\n")
                file.flush()
                known[result["key"]] = result
    yield from _report(numbers, known, len(expected))


def _timed(call: Any) -> tuple[Any, float]:
    began = time.monotonic()
    return call(), time.monotonic() - began


def _read(kept: Path) -> dict[str, dict[str, Any]]:
    """The results in a file; a line that was broken off is left out."""
    if not kept.exists():
        return {}
    whole = [line for line in kept.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    kept.write_text("".join(whole), encoding="utf-8")
    return {result["key"]: result for result in map(json.loads, whole)}


def _report(numbers: Sequence[Number], known: dict[str, dict[str, Any]], size: int) -> Iterator[Block]:
    rows = []
    parts: dict[str, list[int]] = {}
    for number in numbers:
        results = [known[_key(number, move)] for move in MOVES]
        worth = max(result.get("any", size) for result in results)
        cells = [_cell(result, aspect) for result in results for aspect in ASPECTS]
        rows.append((worth, f"{number.file}:{number.places[0].line} {number.name} {number.value}", cells))
        for part in (number.part, "core"):
            parts.setdefault(part, []).append(worth)
    columns = [f"{aspect}, {move}" for move in MOVES for aspect in ASPECTS]
    title = f"Documents of {size:,} that come out otherwise"
    yield Table(title, columns, [row[1:] for row in sorted(rows, key=lambda row: -row[0])])
    silent = [(part, [len(each), each.count(0), percent(each.count(0), len(each))]) for part, each in parts.items()]
    yield Table("Numbers that change nothing either way", ("numbers", "change nothing", "%"), silent)
    yield Lines("", [f"{size:,} documents; {len(numbers):,} numbers"])


def _cell(result: dict[str, Any], aspect: str) -> int | str:
    if aspect in result:
        return int(result[aspect])
    return _SLOW if _SLOW in result else _FAILED


def _digests(documents: Path) -> Iterator[list[str]]:
    """Of each document: the digests of its text, its edits and its doubts after a repair."""
    import jiaokan

    for source in pickle.loads(documents.read_bytes()):
        done = jiaokan.repair(source)
        edits = [(c.edit.span, c.edit.after, c.fault.value, c.consent.value) for c in done.changes]
        doubts = [(d.span, d.fault.value, d.confidence, d.edits) for d in done.doubts]
        yield [hashlib.sha256(repr(part).encode()).hexdigest()[:16] for part in (done.text, edits, doubts)]


TASK: Final = Task(
    _run,
    400,
    options={
        "only": ("", "numbers whose file and name contain this"),
        "silent_in": (None, "only numbers that change nothing in this file of results"),
        "kept": (None, "the file of results (default: bench/results/sweep-COMMIT-N-SEED.jsonl)"),
    },
)

if __name__ == "__main__":
    json.dump(list(_digests(Path(sys.argv[1]))), sys.stdout)
