"""How fast a crawl is repaired on one machine, in Spark and in Ray, and what OpenCC alone takes in each: two cores.

Needs Java 17 and ``pip install -e '.[spark,ray]'``. Every run is a process of its own, which says when its engine has
started and when it is done, and what it and all that it has started have used of the processor by then: a busy machine
spoils the seconds, but the core-seconds far less.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa

import jiaokan
from bench import crawls
from bench.engines import CORES, ray_started, spark_session
from bench.harness import Run, Task, environment
from bench.peers.repairs import opencc
from bench.processes import memory, tree
from bench.tables import Block, Cell, Table
from bench.timing import run as seconds_of

_PYTHON: Final = ("python", "jiaokan", "ray::")  # what processes that run Python are called
_COLUMNS: Final = "id long, url string, text string"
_BLOCKS: Final = 24  # that Ray reads the file in, so that two cores end at the same time
_PAGES: Final = 150  # of each kind


def _told(event: str) -> None:
    print(json.dumps({event: [time.time(), *used(os.getpid())]}), flush=True)


def _converted(batch: Any) -> Any:
    """A table or a batch whose texts went through OpenCC."""
    number = batch.schema.get_field_index("text")
    convert = opencc("t2s")
    texts = [text if text is None else convert(text) for text in batch.column(number).to_pylist()]
    return batch.set_column(number, batch.schema.field(number), pa.array(texts, batch.schema.field(number).type))


def _converted_batches(batches: Iterator[Any]) -> Iterator[Any]:
    yield from map(_converted, batches)


def spark_jiaokan(pages: Path, out: Path) -> None:
    from jiaokan.batch.spark import repair

    _spark(pages, out, repair)


def spark_opencc(pages: Path, out: Path) -> None:
    _spark(pages, out, lambda df: df.mapInArrow(_converted_batches, _COLUMNS))


def _spark(pages: Path, out: Path, change: Callable[[Any], Any]) -> None:
    session = spark_session()
    _told("started")
    change(session.read.schema(_COLUMNS).json(str(pages))).write.parquet(str(out))
    _told("done")


def spark_lines(pages: Path, out: Path) -> None:
    from jiaokan.batch.spark import repair_lines

    session = spark_session(**{"spark.sql.maxConcurrentOutputFileWriters": "2"})
    _told("started")
    lines = repair_lines(session.read.text(str(pages), lineSep="\n"))
    lines.write.partitionBy("kind").text(str(out), lineSep="\n")
    _told("done")


def ray_jiaokan(pages: Path, out: Path) -> None:
    from jiaokan.batch.ray import Repair

    _ray(pages, out, Repair())


def ray_opencc(pages: Path, out: Path) -> None:
    _ray(pages, out, _converted)


def _ray(pages: Path, out: Path, change: Callable[[Any], Any]) -> None:
    with ray_started() as ray:
        _told("started")
        ds = ray.data.read_json(str(pages), override_num_blocks=_BLOCKS)
        ds.map_batches(change, batch_format="pyarrow").write_parquet(str(out))
        _told("done")


def alone_jiaokan(pages: Path, out: Path) -> None:
    _told("started")
    command = [sys.executable, "-m", "jiaokan.cli", "repair", "--jobs", str(CORES), "-o", str(out), str(pages)]
    subprocess.run(command, check=True)
    _told("done")


def alone_opencc(pages: Path, out: Path) -> None:
    """Two processes, each with half of the file."""
    out.mkdir()
    _told("started")
    halves = [multiprocessing.Process(target=_half, args=(pages, out, half)) for half in range(CORES)]
    for each in halves:
        each.start()
    for each in halves:
        each.join()
    _told("done")


def _half(pages: Path, out: Path, half: int) -> None:
    size = pages.stat().st_size
    convert = opencc("t2s")
    with pages.open("rb") as file, (out / f"{half}.jsonl").open("wb") as target:
        if half:
            file.seek(size * half // CORES - 1)
            file.readline()
        while file.tell() < size * (half + 1) // CORES:
            record = json.loads(file.readline())
            if record["text"] is not None:
                record["text"] = convert(record["text"])
            target.write(crawls.encoded(record))


RUNS: Final = {
    "one machine: jiaokan": alone_jiaokan,
    "Spark: jiaokan": spark_jiaokan,
    "Spark, lines: jiaokan": spark_lines,
    "Ray: jiaokan": ray_jiaokan,
    "one machine: OpenCC": alone_opencc,
    "Spark: OpenCC": spark_opencc,
    "Ray: OpenCC": ray_opencc,
}


def measured(name: str, pages: Path) -> tuple[float, float, float, float]:
    """Seconds until the engine has started, from then on seconds and core-seconds, and MB of the largest worker."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.tasks.cluster", name, str(pages), str(Path(folder) / "out")]
        began = time.time()
        done = subprocess.run(command, env=environment(), check=True, capture_output=True)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b'{"')]
    at = {event: both for each in told for event, both in each.items()}
    (started, before, _), (ended, after, largest) = at["started"], at["done"]
    return started - began, ended - started, after - before, largest


def used(root: int) -> tuple[float, float]:
    """Core-seconds that a process, all below it, and all that have ended there have used so far; and the most MB that
    one of those below it that run Python holds for itself, without what it shares, such as Ray's object store."""
    below = tree(root)
    held = (memory(each.pid, "RssAnon") / 1e6 for each in below[1:] if each.name.startswith(_PYTHON))
    return sum(each.seconds + each.ended for each in below), max(held, default=0)


def _engines(size: int) -> Table:
    """The seconds of each run, and MB for each second and each core-second."""
    rows: list[tuple[str, list[Cell]]] = []
    with TemporaryDirectory() as folder:
        pages = Path(folder) / "pages.jsonl"
        crawls.write(pages, crawls.shipped(), size)
        for name in RUNS:
            start, then, cores, worker = measured(name, pages)
            rows.append((name, [start, then, size / 1e6 / then, cores, size / 1e6 / cores, worker or None]))
    columns = ("start, s", "then, s", "MB/s", "core-seconds", "MB per core-second", "worker, MB")
    formats = {"": ".0f", "MB/s": ".1f", "MB per core-second": ".2f"}
    return Table(f"{size / 1e6:,.0f} MB of JSON Lines, {CORES} cores", columns, rows, formats)


def _kinds() -> Table:
    """MB of text for each second of processor time, by kind of page."""
    chance = random.Random(1)
    rows: list[tuple[str, list[Cell]]] = []
    for kind, lines in crawls.lines_by_kind(crawls.fetched(), chance).items():
        pages = [crawls.page(lines, chance) for _ in range(_PAGES)]
        size = sum(len(page.encode()) for page in pages) / 1e6
        rates = (size / seconds_of(call, pages, 1) for call in (jiaokan.repair, opencc("t2s")))
        rows.append((kind, [100 * crawls.SHARES[kind], *rates]))
    columns = ("% of the crawl", "jiaokan", "OpenCC t2s")
    return Table("MB of text per core-second, one process", columns, rows, {"": ",.3g", "% of the crawl": ".2f"})


def _run(run: Run) -> Iterator[Block]:
    yield _kinds() if run.options.kinds else _engines(run.options.mb * 1_000_000)


TASK: Final = Task(
    _run,
    options={"mb": (200, "of JSON Lines"), "kinds": (False, "what each kind of page takes, in one process, instead")},
)

if __name__ == "__main__":  # one run, as ``measured`` starts it
    RUNS[sys.argv[1]](*map(Path, sys.argv[2:]))
