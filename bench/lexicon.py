"""How well the language model of ``jiaokan.lexicon`` knows Chinese, and what it costs.

    python bench/lexicon.py                     T1, T2 and the costs of jiaokan's model and of word frequencies
    python bench/lexicon.py --kenlm zh_CN.lm    beside a KenLM file; needs camel-kenlm; may be given several times
    python bench/lexicon.py --only t2           one of them

README.md says what is measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import chain, product, zip_longest
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from rich import box
from rich.console import Console
from rich.table import Table

from corpus import SOURCES, UnavailableError
from lexicon_costs import costs
from lexicon_models import JIAOKAN, WORDFREQ, Model, import_package, open_model
from lexicon_tasks import Lost, losses, readings, sentences

_SIZES: Final = (2, 3, 4, 6)
_MARGINS: Final = (0.5, 1.0, 1.5)
_SPEED_CHARACTERS: Final = 100_000
_RUNS: Final = 5  # processes the costs are the median of
_READINGS: Final = 2  # items of T1 of each size and source for one of T2
_MODERN: Final = "all but novel"  # which is of the 14th century

Item = TypeVar("Item")


class Job(NamedTuple):
    """The items of one source for one model."""

    model: str
    source: str
    number: int
    seed: int


class Chosen(NamedTuple):
    """What a model made of an item of T1: whether the right text came out ahead."""

    size: int
    per_character: bool
    in_all: bool


class Ranked(NamedTuple):
    """What a model made of an item of T2: the place of the right character, and the first's lead on the second."""

    groups: tuple[str, ...]
    among: int
    place: int
    margin: float


def choose(job: Job) -> list[Chosen]:
    """T1: the right text against the shifted one. A tie is lost."""
    model, found = _model(job.model), []
    for size in _SIZES:
        items = readings(job.source, size, job.number * _READINGS, job.seed)
        rights = model.score_batch([item.right for item in items])
        wrongs = model.score_batch([item.shifted for item in items])
        for item, right, wrong in zip(items, rights, wrongs, strict=True):
            found.append(Chosen(size, right / size > wrong / len(item.shifted), right > wrong))
    return found


def rank(job: Job) -> list[Ranked]:
    """T2: the candidates for a character of which one byte is left. A tie is lost."""
    model, found = _model(job.model), []
    for item in losses(job.source, job.number, job.seed):
        scores = model.score_batch([f"{item.before}{char}{item.after}" for char in item.candidates])
        right = scores[item.candidates.index(item.right)]
        first, second = sorted(scores, reverse=True)[:2]
        place = sum(score >= right for score in scores)
        found.append(Ranked(_groups(item), item.among, place, first - second))
    return found


def _groups(item: Lost) -> tuple[str, ...]:
    """The rows that an item counts in."""
    modern = [_MODERN] * (item.source != "novel")
    return (item.source, "all", *modern, *(f"{row}, {item.byte} byte lost" for row in modern))


@cache
def _model(name: str) -> Model:
    return open_model(name)


def _report_choices(arguments: argparse.Namespace, console: Console) -> None:
    by_model = _run(choose, arguments)
    table = _table("T1: right text ahead of the text shifted by a byte, % (in brackets: by the whole score)", by_model)
    for size in _SIZES:
        columns = [[item for item in by_model[name] if item.size == size] for name in by_model]
        cells = [f"{_mean(i.per_character for i in c)} ({_mean(i.in_all for i in c)})" for c in columns]
        table.add_row(f"{size} characters", f"{len(columns[0]):,}", *cells)
    console.print(table)


def _report_ranks(arguments: argparse.Namespace, console: Console) -> None:
    by_model = _run(rank, arguments)
    table = _table("T2: right character first / among the first five, %", by_model, "candidates")
    for group in dict.fromkeys((*SOURCES, *chain.from_iterable(item.groups for item in by_model[JIAOKAN]))):
        columns = [[item for item in by_model[name] if group in item.groups] for name in by_model]
        cells = [f"{_mean(i.place == 1 for i in c)} / {_mean(i.place <= 5 for i in c)}" for c in columns]
        among = sum(item.among for item in columns[0]) / len(columns[0])
        table.add_row(group, f"{len(columns[0]):,}", f"{among:.0f}", *cells)
    console.print(table)
    _report_margins(by_model, console)


def _report_margins(by_model: dict[str, list[Ranked]], console: Console) -> None:
    table = _table(f"T2, {_MODERN}, where the first leads the second: covered → of these right, %", by_model)
    columns = [[item for item in by_model[name] if _MODERN in item.groups] for name in by_model]
    for margin in _MARGINS:
        covered = (_mean(item.margin >= margin for item in column) for column in columns)
        right = (_mean(item.place == 1 for item in column if item.margin >= margin) for column in columns)
        cells = map("{} → {}".format, covered, right)
        table.add_row(f"by {margin} or more (log10)", f"{len(columns[0]):,}", *cells)
    console.print(table)


def _report_costs(arguments: argparse.Namespace, console: Console) -> None:
    texts = list(_speed_texts())
    table = Table("", title=f"Costs, medians of {_RUNS} processes", title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("import ms", "MB", "open ms", "open + 10,000 MB", "batch k/s", "one by one k/s", "stepwise k/s"):
        table.add_column(column, justify="right")
    for name in arguments.models:
        cost = costs(name, texts, _RUNS)
        spent = [f"{cost.import_seconds * 1e3:,.1f}", f"{cost.import_megabytes:.1f}", f"{cost.open_seconds * 1e3:,.1f}"]
        speeds = (f"{speed / 1e3:,.0f}" for speed in (cost.batch, cost.single, cost.stepwise))
        table.add_row(name, *spent, f"{cost.open_megabytes:.1f}", *speeds)
    console.print(table)


# T3 and pool4 of LANGUAGE.md, a word that was deleted, belong here once the lexicon lists its words.
_REPORTS: Final[dict[str, Callable[[argparse.Namespace, Console], None]]] = {
    "t1": _report_choices,
    "t2": _report_ranks,
    "costs": _report_costs,
}


def _run(task: Callable[[Job], list[Item]], arguments: argparse.Namespace) -> dict[str, list[Item]]:
    """The results of a task by model, in the order of the sources."""
    pairs = list(product(arguments.models, SOURCES))
    jobs = [Job(name, source, arguments.items, arguments.seed) for name, source in pairs]
    by_model: dict[str, list[Item]] = {name: [] for name in arguments.models}
    with ProcessPoolExecutor(arguments.workers) as pool:
        for (name, _), found in zip(pairs, pool.map(task, jobs), strict=True):
            by_model[name] += found
    return by_model


def _speed_texts() -> Iterator[str]:
    """Sentences of all sources in turn, ``_SPEED_CHARACTERS`` in all."""
    size = 0
    for text in filter(None, chain.from_iterable(zip_longest(*map(sentences, SOURCES)))):
        yield text
        size += len(text)
        if size >= _SPEED_CHARACTERS:
            return


def _table(title: str, names: Iterable[str], *columns: str) -> Table:
    table = Table("", title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("items", *columns, *names):
        table.add_column(column, justify="right", overflow="fold")
    return table


def _mean(hits: Iterable[bool]) -> str:
    """The share of hits in per cent."""
    counted = list(hits)
    return f"{100 * sum(counted) / len(counted):.1f}" if counted else "-"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=600, help="items of T2 from each source (default 600)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the items (default 1)")
    parser.add_argument("--only", choices=_REPORTS, action="append", help="measure this; may be repeated")
    parser.add_argument("--kenlm", action="append", default=[], metavar="FILE", help="a KenLM binary to compare with")
    parser.add_argument("--workers", type=int, default=None, help="worker processes (default: one for each core)")
    arguments = parser.parse_args()
    for file in arguments.kenlm:
        if not Path(file).is_file():
            parser.error(f"no such file: {file}")
    arguments.models = [JIAOKAN, WORDFREQ, *arguments.kenlm]
    return arguments


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 170)
    began = time.perf_counter()
    try:
        for name in arguments.models:
            import_package(name)
        for task in arguments.only or _REPORTS:
            _REPORTS[task](arguments, console)
    except (UnavailableError, ImportError) as error:
        sys.exit(f"bench: {error}")
    console.print(f"{time.perf_counter() - began:.0f} s", highlight=False)


if __name__ == "__main__":
    main()
