"""How well the language model of ``jiaokan.lexicon`` knows Chinese, and what it costs, beside word frequencies.

T1 is which of two readings is right, T2 a lost byte; ``lexicon_items`` draws the items, ``lexicon_costs`` measures the
costs. A KenLM file given with --kenlm takes part; it needs the package camel-kenlm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, product, zip_longest
from typing import Final, NamedTuple, TypeVar

from bench.corpus import sources
from bench.harness import Run, Task
from bench.peers.models import JIAOKAN, WORDFREQ, Model, import_package, open_model
from bench.tables import Block, Cell, Table, percent
from bench.tasks.lexicon_costs import costs
from bench.tasks.lexicon_items import Lost, losses, readings, sentences

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


def _choices(run: Run, models: list[str]) -> Iterator[Table]:
    by_model = _by_model(run, choose, models)
    rows: list[tuple[str, list[Cell]]] = []
    for size in _SIZES:
        here = [[item for item in by_model[name] if item.size == size] for name in models]
        shares = ((_mean(i.per_character for i in items), _mean(i.in_all for i in items)) for items in here)
        rows.append((f"{size} characters", [len(here[0]), *chain.from_iterable(shares)]))
    title = "T1: right text ahead of the text shifted by a byte, %; then by the whole score, not per character"
    yield Table(title, ("items", *(f"{name}{of}" for name in models for of in ("", ", whole"))), rows, {"": ".1f"})


def _ranks(run: Run, models: list[str]) -> Iterator[Table]:
    by_model = _by_model(run, rank, models)
    groups = dict.fromkeys((*sources(), *chain.from_iterable(item.groups for item in by_model[JIAOKAN])))
    rows: list[tuple[str, list[Cell]]] = []
    for group in groups:
        here = [[item for item in by_model[name] if group in item.groups] for name in models]
        among = round(sum(item.among for item in here[0]) / max(1, len(here[0])))
        shares = (_mean(item.place <= most for item in items) for items in here for most in (1, 5))
        rows.append((group, [len(here[0]), among, *shares]))
    columns = ("items", "candidates", *(f"{name}, {of}" for name in models for of in ("first", "first five")))
    yield Table("T2: right character first, and among the first five, %", columns, rows, {"": ".1f"})
    rows = []
    here = [[item for item in by_model[name] if _MODERN in item.groups] for name in models]
    for margin in _MARGINS:
        led = [[item for item in items if item.margin >= margin] for items in here]
        pairs = (
            (percent(len(some), len(items)), _mean(i.place == 1 for i in some))
            for some, items in zip(led, here, strict=True)
        )
        rows.append((f"by {margin} or more (log10)", [len(here[0]), *chain.from_iterable(pairs)]))
    columns = ("items", *(f"{name}, {of}" for name in models for of in ("covered", "of these right")))
    yield Table(f"T2, {_MODERN}, where the first leads the second, %", columns, rows, {"": ".1f"})


def _costs(_: Run, models: list[str]) -> Iterator[Table]:
    texts = list(_speed_texts())
    rows: list[tuple[str, list[Cell]]] = []
    for name in models:
        cost = costs(name, texts, _RUNS)
        opened = (cost.import_seconds * 1e3, cost.import_megabytes, cost.open_seconds * 1e3, cost.open_megabytes)
        rows.append((name, [*opened, *(round(speed / 1e3) for speed in (cost.batch, cost.single, cost.stepwise))]))
    columns = ("import ms", "MB", "open ms", "open + 10,000 MB", "batch k/s", "one by one k/s", "stepwise k/s")
    yield Table(f"Costs, medians of {_RUNS} processes", columns, rows, {"": ",.1f"})


# What was deleted, a third task, belongs here once the lexicon lists its words.
_PARTS: Final[dict[str, Callable[[Run, list[str]], Iterator[Table]]]] = {
    "t1": _choices,
    "t2": _ranks,
    "costs": _costs,
}


def _by_model(run: Run, task: Callable[[Job], list[Item]], models: list[str]) -> dict[str, list[Item]]:
    """The results of a task by model, in the order of the sources."""
    jobs = [Job(name, source, run.number, run.seed) for name, source in product(models, sources())]
    by_model: dict[str, list[Item]] = {name: [] for name in models}
    for job, found in zip(jobs, run.map(task, jobs), strict=True):
        by_model[job.model] += found
    return by_model


def _speed_texts() -> Iterator[str]:
    """Sentences of all sources in turn, ``_SPEED_CHARACTERS`` in all."""
    size = 0
    for text in filter(None, chain.from_iterable(zip_longest(*map(sentences, sources())))):
        yield text
        size += len(text)
        if size >= _SPEED_CHARACTERS:
            return


def _mean(hits: Iterable[bool]) -> float | None:
    every = list(hits)
    return percent(sum(every), len(every))


def _run(run: Run) -> Iterator[Block]:
    models = [JIAOKAN, *[WORDFREQ] * (not run.options.alone), *run.options.kenlm]
    for name in models:
        import_package(name)
    for part in run.options.only or _PARTS:
        yield from _PARTS[part](run, models)


TASK: Final = Task(
    _run,
    600,
    "items of T2 from each source",
    {
        "only": ((), f"one of {', '.join(_PARTS)}"),
        "kenlm": ((), "the path of a KenLM file"),
        "alone": (False, "without the package wordfreq"),
    },
)
