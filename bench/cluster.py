"""How fast a crawl is repaired on one machine, in Spark and in Ray, and what OpenCC alone takes in each: two cores.

    PYTHONPATH=service python bench/cluster.py            200 MB of JSON Lines (``crawls``), as in docs/cluster.md
    PYTHONPATH=service python bench/cluster.py --mb 50    less of it
    PYTHONPATH=service python bench/cluster.py --kinds    what each kind of page takes, in one process

Needs Java 17 and ``pip install -e '.[spark,ray]'``. Every run is a process of its own, which says when its engine has
started and when it is done, and what it and all that it has started have used of the processor by then: a busy machine
spoils the seconds, but the core-seconds far less.
"""

from __future__ import annotations

import argparse
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
from opencc import OpenCC
from rich.console import Console
from rich.table import Table

import crawls
import jiaokan
from engines import CORES, SERVICE, ray_started, spark_session
from timing import run

_HERE: Final = Path(__file__).parent
_TICK: Final = os.sysconf("SC_CLK_TCK")
_PYTHON: Final = ("python", "jiaokan", "ray::")  # what processes that run Python are called
_COLUMNS: Final = "id long, url string, text string"
_BLOCKS: Final = 24  # that Ray reads the file in, so that two cores end at the same time
_PAGES: Final = 150  # of each kind


def _told(event: str) -> None:
    print(json.dumps({event: [time.time(), *used(os.getpid())]}), flush=True)


def _converted(batch: Any) -> Any:
    """A table or a batch whose texts went through OpenCC."""
    number = batch.schema.get_field_index("text")
    converter = _converter()
    texts = [text if text is None else converter.convert(text) for text in batch.column(number).to_pylist()]
    return batch.set_column(number, batch.schema.field(number), pa.array(texts, batch.schema.field(number).type))


def _converter(kept: list[OpenCC] = []) -> OpenCC:  # noqa: B006 - one for each process, made when it is first needed
    if not kept:
        kept.append(OpenCC("t2s"))
    return kept[0]


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
    convert = _converter().convert
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
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(SERVICE), str(_HERE)))}
    with TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__)), "--run", name, str(pages), str(Path(folder) / "out")]
        began = time.time()
        done = subprocess.run(command, env=environ, check=True, capture_output=True)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b'{"')]
    at = {event: both for each in told for event, both in each.items()}
    (started, before, _), (ended, after, largest) = at["started"], at["done"]
    return started - began, ended - started, after - before, largest


def used(root: int) -> tuple[float, float]:
    """Core-seconds that a process, all below it, and all that have ended there have used so far; and the most MB that
    one of those below it that run Python holds."""
    parents: dict[int, int] = {}
    ticks: dict[int, float] = {}
    names: dict[int, str] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(")")
        except OSError:  # it has just ended
            continue
        fields, number = rest.split(), int(path.parent.name)
        parents[number], ticks[number] = int(fields[1]), sum(map(float, fields[11:15]))
        names[number] = name.partition("(")[2]
    below = {root}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    workers = [number for number in below - {root} if names.get(number, "").startswith(_PYTHON)]
    return sum(ticks.get(number, 0) for number in below) / _TICK, max(map(_held, workers), default=0)


def _held(number: int) -> float:
    """The MB that a process holds for itself; what it shares, such as Ray's object store, is not counted."""
    try:
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("RssAnon")), 0)


def engine_table(size: int) -> Table:
    """The seconds of each run, and MB for each second and each core-second."""
    table = Table("run", title=f"{size / 1e6:,.0f} MB of JSON Lines, {CORES} cores", title_justify="left")
    for column in ("start, s", "then, s", "MB/s", "core-seconds", "MB per core-second", "worker, MB"):
        table.add_column(column, justify="right")
    with TemporaryDirectory() as folder:
        pages = Path(folder) / "pages.jsonl"
        crawls.write(pages, crawls.shipped(), size)
        for name in RUNS:
            start, then, cores, worker = measured(name, pages)
            figures = (f"{start:.0f}", f"{then:.0f}", f"{size / 1e6 / then:.1f}", f"{cores:.0f}")
            table.add_row(name, *figures, f"{size / 1e6 / cores:.2f}", f"{worker:.0f}" if worker else "")
    return table


def kind_table() -> Table:
    """MB of text for each second of processor time, by kind of page."""
    table = Table("pages", title="MB of text per core-second, one process", title_justify="left")
    for column in ("share of the crawl", "jiaokan", "OpenCC t2s"):
        table.add_column(column, justify="right")
    chance = random.Random(1)
    lines = crawls.lines_by_kind(crawls.fetched(), chance)
    for kind, its in lines.items():
        pages = [crawls.page(its, chance) for _ in range(_PAGES)]
        size = sum(len(page.encode()) for page in pages) / 1e6
        rates = (size / run(call, pages, 1) for call in (jiaokan.repair, _converter().convert))
        table.add_row(kind, f"{crawls.SHARES[kind]:.2%}", *(f"{rate:,.3g}" for rate in rates))
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=200, help="of JSON Lines (default 200)")
    parser.add_argument("--kinds", action="store_true", help="measure each kind of page instead")
    parser.add_argument("--run", nargs=3, metavar=("NAME", "PAGES", "OUT"), help="one run, as the others are started")
    asked = parser.parse_args()
    if asked.run:
        name, pages, out = asked.run
        RUNS[name](Path(pages), Path(out))
        return
    table = kind_table() if asked.kinds else engine_table(asked.mb * 1_000_000)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
