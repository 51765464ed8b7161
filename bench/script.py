"""Script: clean simplified text made traditional by OpenCC and brought back, by jiaokan and by OpenCC.

Five tables: wrong characters by way and source; 着 and 著; simplified text that should stay; words of Taiwan; OpenCC's
own cases.
README.md says what each means.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from functools import cache
from typing import Final, NamedTuple

from opencc import OpenCC
from rich import box
from rich.console import Console
from rich.table import Table

import jiaokan
from corpus import SOURCES, paragraphs
from script_cases import report_cases
from script_words import report_words
from scripts import simplify
from tables import print_examples

WAYS: Final = ("s2t", "s2tw", "s2hk")
BACK: Final = ("t2s", "tw2s", "hk2s")
OURS: Final = "jiaokan"
ALL_ZHU: Final = "s2t, every 着 as 著"
_OTHERS: Final = [fault.value for fault in jiaokan.Fault if fault is not jiaokan.Fault.SCRIPT]
_SIZE: Final = 700  # characters of a document, at least
_CHUNK: Final = 40
_CONTEXT: Final = 10
# GB 2312 has them, and simplified text does not use them.
_NOT_USED: Final = "後菸麽"


# Where the sources write 著 for 着 by mistake, read one by one:
# 跟著上, 骑著马, 等待著银行, 仍有著水准, 吵的睡不著, 由此感著.
_SLIP: Final = re.compile("(?<=要跟|兵骑|等待|仍有|睡不|般感)著")
# Dictionaries have both spellings of 执著, and the sources use both.
_EITHER: Final = "执執"


class Trip(NamedTuple):
    """What one text became on one way: wrong places of each that brought it back, with those of 着 and 著 apart; of
    these, ``beyond_spelling`` are neither 执著 nor a slip of the source."""

    way: str
    source: str
    size: int
    wrong: dict[str, int]
    particles: int
    particles_wrong: dict[str, int]
    beyond_spelling: dict[str, int]
    examples: list[tuple[str, str]]


class Stayed(NamedTuple):
    """What changed in a clean text."""

    source: str
    size: int
    changed: list[str]


def report_script(console: Console, number: int | None, workers: int | None, worst: int) -> None:
    """All tables, of every document or of ``number`` of each source."""
    todo = [(source, text) for source in SOURCES for text in _some(documents(source), number)]
    with ProcessPoolExecutor(workers) as pool:
        trips = [trip for each in pool.map(trips_of, todo, chunksize=_CHUNK) for trip in each]
        stayed = list(pool.map(stay, todo, chunksize=_CHUNK))
    _wrong_table(console, trips)
    _particle_table(console, trips)
    if worst:
        print_examples(console, "Wrong", [example for trip in trips for example in trip.examples], worst)
    _stay_table(console, stayed)
    report_words(console, [text for _, text in todo], workers)
    report_cases(console)


def documents(source: str) -> list[str]:
    """Clean simplified paragraphs of a source, each once, joined to at least ``_SIZE`` characters."""
    return list(_joined(filter(is_simplified, dict.fromkeys(paragraphs(source)))))


def is_simplified(text: str) -> bool:
    """Whether no character is one that ``t2s`` changes and simplified text does not use."""
    return simplify(text) == text or all(map(_is_used, text))


def trips_of(task: tuple[str, str]) -> list[Trip]:
    """One document on every way."""
    source, text = task
    gone = {way: _opencc(way).convert(text) for way in WAYS}
    gone[ALL_ZHU] = gone["s2t"].replace("着", "著")
    return [_trip(way, source, text, page) for way, page in gone.items() if len(page) == len(text)]


def _trip(way: str, source: str, text: str, page: str) -> Trip:
    back = {OURS: by_jiaokan(page)} | {name: _opencc(name).convert(page) for name in BACK}
    places = [at for at, char in enumerate(text) if char in "着著"]
    wrong = {name: differing(got, text) for name, got in back.items()}
    examples = [(f"{page[at]}: {text[at : at + 1]}", _shown(page, at)) for at in wrong[OURS] if at < len(page)]
    numbers = {name: len(found) for name, found in wrong.items()}
    particles = {name: len({*found}.intersection(places)) for name, found in wrong.items()}
    sure = {at for at in places if text[at - 1] not in _EITHER and not _SLIP.match(text, at)}
    beyond = {name: len(sure.intersection(found)) for name, found in wrong.items()}
    return Trip(way, source, len(text), numbers, len(places), particles, beyond, examples)


def by_jiaokan(page: str) -> str:
    """The page with nothing but its script repaired."""
    return jiaokan.repair(page, skip=_OTHERS).text


def differing(got: str, want: str) -> list[int]:
    """Where in ``want`` the texts differ."""
    if len(got) == len(want):
        return [at for at, pair in enumerate(zip(got, want, strict=True)) if pair[0] != pair[1]]
    steps = SequenceMatcher(None, got, want, autojunk=False).get_opcodes()
    return [at for step, _, _, first, last in steps if step != "equal" for at in range(first, max(last, first + 1))]


def stay(task: tuple[str, str]) -> Stayed:
    """What changes in a clean text under the defaults, the other faults skipped."""
    source, text = task
    changes = jiaokan.repair(text, skip=_OTHERS).changes
    shown = [f"{_shown(text, change.edit.start, change.edit.end)} → {change.edit.after}" for change in changes]
    return Stayed(source, len(text), shown)


def _wrong_table(console: Console, trips: Iterable[Trip]) -> None:
    sizes: Counter[tuple[str, str]] = Counter()
    wrong: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for trip in trips:
        for source in (trip.source, "all"):
            sizes[trip.way, source] += trip.size
            wrong[trip.way, source].update(trip.wrong)
    sources = list(dict.fromkeys(source for _, source in sizes))
    table = Table("way", "back by", title="Wrong characters per million", title_justify="left", box=box.SIMPLE_HEAD)
    for source in (*(each for each in sources if each != "all"), "all", "of the best"):
        table.add_column(source, justify="right")
    for way in (*WAYS, ALL_ZHU):
        rates = {
            name: [wrong[way, each][name] * 1e6 / max(1, sizes[way, each]) for each in sources]
            for name in (OURS, *BACK)
        }
        whole = sources.index("all")
        best = min(rates[name][whole] for name in BACK)
        for name, cells in rates.items():
            shown = [f"{cell:,.1f}" for cell in (*(c for i, c in enumerate(cells) if i != whole), cells[whole])]
            table.add_row(way, name, *shown, f"{cells[whole] / best:.2f}" if best else "-")
    console.print(table)


def _particle_table(console: Console, trips: Iterable[Trip]) -> None:
    number: Counter[str] = Counter()
    wrong: dict[str, Counter[str]] = defaultdict(Counter)
    beyond: dict[str, Counter[str]] = defaultdict(Counter)
    for trip in trips:
        number[trip.way] += trip.particles
        wrong[trip.way].update(trip.particles_wrong)
        beyond[trip.way].update(trip.beyond_spelling)
    table = Table("way", title="着 and 著, per cent right", title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("occurrences", OURS, *BACK, *(f"{name}, but spelling" for name in (OURS, *BACK))):
        table.add_column(column, justify="right")
    for way, every in number.items():
        shares = (
            f"{100 - 100 * missed[way][name] / max(1, every):.2f}"
            for missed in (wrong, beyond)
            for name in (OURS, *BACK)
        )
        table.add_row(way, f"{every:,}", *shares)
    console.print(table)


def _stay_table(console: Console, stayed: Iterable[Stayed]) -> None:
    sizes: Counter[str] = Counter()
    changed: dict[str, list[str]] = defaultdict(list)
    for each in stayed:
        sizes[each.source] += each.size
        changed[each.source] += each.changed
    table = Table("source", title="Clean simplified text: places changed", title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("characters", "places", "per million"):
        table.add_column(column, justify="right")
    for source, size in (*sizes.items(), ("all", sizes.total())):
        places = sum(map(len, changed.values())) if source == "all" else len(changed[source])
        table.add_row(source, f"{size:,}", str(places), f"{places * 1e6 / max(1, size):.2f}")
    console.print(table)
    for source, places in changed.items():
        for place in places:
            console.print(f"{source} · {place}", markup=False, highlight=False, soft_wrap=True)


def _shown(text: str, start: int, end: int | None = None) -> str:
    end = start + 1 if end is None else end
    around = f"{text[max(0, start - _CONTEXT) : start]}[{text[start:end]}]{text[end : end + _CONTEXT]}"
    return around.replace("\n", "⏎")


def _joined(texts: Iterable[str]) -> Iterator[str]:
    lines: list[str] = []
    for text in texts:
        lines.append(text)
        if sum(map(len, lines)) >= _SIZE:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _some(texts: list[str], number: int | None) -> list[str]:
    return texts[:: max(1, len(texts) // number)][:number] if number else texts


@cache
def _opencc(name: str) -> OpenCC:
    return OpenCC(name)


@cache
def _is_used(char: str) -> bool:
    return simplify(char) == char or (char not in _NOT_USED and char.encode("gb2312", "ignore") != b"")
