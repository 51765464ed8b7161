"""One task run: its arguments, its processes, its results printed, and kept as JSON by commit."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

from rich.console import Console

from bench import corpus
from bench.tables import Bar, Block, from_json, markdown, show, to_json

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "bench" / "results"
_WIDTH: Final = 170  # characters of a line where the output is no terminal
TASKS: Final = {
    "accuracy": "one table over all kinds of damage, offline, from the small corpus",
    "replacement": "the byte-blind replacement undone, beside pattern and ftfy",
    "harm": "clean text repaired: every place that changed",
    "charsets": "bytes of many charsets read, beside detectors",
    "mojibake": "text decoded in the wrong charset, beside ftfy",
    "ftfy": "ftfy's own test cases, beside ftfy",
    "gaps": "words that filters deleted",
    "script": "text made traditional and brought back, beside OpenCC",
    "lessons": "readings of people and of tables, and which are taken out",
    "lexicon": "the language model: readings, lost bytes, costs",
    "speed": "MB/s beside ftfy and OpenCC, cold start, time by fault",
    "speed-charsets": "MB/s of bytes beside detectors, of mojibake beside ftfy",
    "load": "the service: rates, soak, killed processes",
    "batch": "jiaokan repair over files: rates, start, memory, killed runs",
    "cluster": "a crawl on one machine, in Spark and in Ray",
    "numbers": "the numeric thresholds of the core, counted and listed",
    "sweep": "each of those numbers moved by half: documents whose outcome changes",
}

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Task:
    """What can be measured.

    Attributes:
        run: yields tables and lists, which are printed as they come.
        number: what ``-n`` is unless told; ``None`` takes all there is.
        counted: what ``-n`` counts.
        options: further options, each with its default and its help. A default of ``False`` makes a flag, ``()`` an
            option that may be repeated.
    """

    run: Callable[[Run], Iterator[Block]]
    number: int | None = None
    counted: str = "documents"
    options: Mapping[str, tuple[Any, str]] = field(default_factory=dict)


class Run:
    """One run of a task: the sample asked for, and the processes that work on it."""

    def __init__(self, asked: argparse.Namespace, stack: ExitStack) -> None:
        self.number: Any = asked.number
        self.seed: int = asked.seed
        self.worst: int = asked.worst
        self.options = asked
        self._stack = stack
        self._pool: ProcessPoolExecutor | None = None

    def map(self, function: Callable[[_Item], _Result], items: Iterable[_Item], chunk: int = 1) -> Iterator[_Result]:
        """The results in the order of the items; a process takes ``chunk`` items at a time."""
        if self._pool is None:
            pool = ProcessPoolExecutor(self.options.workers, initializer=corpus.choose, initargs=(self.options.small,))
            self._pool = self._stack.enter_context(pool)
        return self._pool.map(function, items, chunksize=chunk)


def main(arguments: list[str]) -> int:
    """Run a task, or show kept results; the exit status, 1 if something is less than it should be."""
    if arguments[:1] == ["show"]:
        return _show_kept(arguments[1:])
    if not arguments or arguments[0] not in TASKS:
        print("python -m bench TASK [-n N] [--seed S] [--json]    python -m bench TASK --help\n")
        print("\n".join(f"  {name:15} {summary}" for name, summary in {**TASKS, "show": "kept results"}.items()))
        return 0 if arguments in ([], ["-h"], ["--help"]) else 2
    name = arguments[0]
    module = import_module(f"bench.tasks.{name.replace('-', '_')}")
    asked = _parse(name, module.TASK, str(module.__doc__), arguments[1:])
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, stderr=asked.json == "-")
    corpus.choose(asked.small)
    began = time.perf_counter()
    try:
        blocks = list(_printed(module.TASK, asked, console))
    except (corpus.UnavailableError, ImportError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    seconds = time.perf_counter() - began
    console.print(f"{seconds:.0f} s", highlight=False)
    if asked.json:
        _keep(name, asked, seconds, blocks)
    return int(any(isinstance(block, Bar) and not block.reached for block in blocks))


def _printed(task: Task, asked: argparse.Namespace, console: Console) -> Iterator[Block]:
    with ExitStack() as stack:
        for block in task.run(Run(asked, stack)):
            show(block, console)
            yield block


def _parse(name: str, task: Task, description: str, arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        f"python -m bench {name}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = "all" if task.number is None else task.number
    parser.add_argument("-n", "--number", type=int, default=task.number, help=f"{task.counted} (default: {every})")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default: 1)")
    parser.add_argument("--workers", type=int, help="processes (default: one for each core)")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="print about N examples of each failure")
    parser.add_argument("--small", action="store_true", help="offline, from the small corpus in the repository")
    kept = "write the results to PATH (default: bench/results/TASK-COMMIT.json; -: print them)"
    parser.add_argument("--json", nargs="?", const="", metavar="PATH", help=kept)
    for option, (default, meaning) in task.options.items():
        flag = f"--{option.replace('_', '-')}"
        if default is False:
            parser.add_argument(flag, action="store_true", help=meaning)
        elif default == ():
            parser.add_argument(flag, action="append", default=[], help=f"{meaning}; may be repeated")
        else:
            shown = f"{meaning} (default: {default})"
            parser.add_argument(flag, type=type(default) if default is not None else str, default=default, help=shown)
    asked = parser.parse_args(arguments)
    asked.json = _path(name) if asked.json == "" else asked.json
    return asked


def commit() -> str:
    """The commit of the working tree, with ``-dirty`` where it differs from it; ``unknown`` without git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _path(name: str) -> str:
    return str(RESULTS / f"{name}-{commit()}.json")


def _keep(name: str, asked: argparse.Namespace, seconds: float, blocks: Iterable[Block]) -> None:
    options = {key: value for key, value in vars(asked).items() if key != "json" and value not in (None, False, [])}
    result = {"task": name, "commit": commit(), "options": options, "seconds": round(seconds)}
    text = json.dumps({**result, "results": [*map(to_json, blocks)]}, ensure_ascii=False, indent=1) + "\n"
    if asked.json == "-":
        print(text, end="")
        return
    Path(asked.json).parent.mkdir(parents=True, exist_ok=True)
    Path(asked.json).write_text(text, encoding="utf-8")


def _show_kept(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m bench show", description="The tables of kept results.")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--markdown", action="store_true", help="as a page of docs has them")
    parser.add_argument("--title", default="", help="only those whose title contains this")
    asked = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    for file in asked.files:
        kept = json.loads(file.read_text(encoding="utf-8"))
        said = " ".join(f"{key}={value}" for key, value in kept["options"].items())
        print(f"{kept['task']} at {kept['commit']}: {said}\n")
        for block in map(from_json, kept["results"]):
            if asked.title in getattr(block, "title", ""):
                print(markdown(block)) if asked.markdown else show(block, console)
    return 0


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that is started beside this one and imports what this one imports."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]), **more}
