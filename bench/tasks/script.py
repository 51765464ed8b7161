"""Clean simplified text made traditional by OpenCC and brought back, by jiaokan and by OpenCC.

Tables: wrong characters by way; 着 and 著; simplified text that should stay; words of Taiwan; OpenCC's cases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import jiaokan
from bench.corpus import joined, paragraphs, sources
from bench.forward.scripts import simplify
from bench.harness import Run, Task
from bench.peers.repairs import ALL_BUT_SCRIPT, opencc, repaired_script
from bench.tables import Block, Cell, Lines, Table, around, differences, examples, sum_rows
from bench.tasks.script_cases import case_blocks

WAYS: Final = ("s2t", "s2tw", "s2hk")
OPENCC: Final = ("t2s", "tw2s", "hk2s")
BACK: Final = ("jiaokan", *OPENCC)
ALL_ZHU: Final = "s2t, every 着 as 著"
# Text whose words were replaced by those of Taiwan, and text that was only made traditional; and the ways back.
WORDS: Final = {"s2twp": "words of Taiwan", "s2tw": "words of the mainland"}
WORDS_BACK: Final = ("simplified-cn", "simplified", "tw2sp", "tw2s")
_WITH_WORDS: Final = 25  # every so many of the documents: the texts differ in length, which takes long to compare
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
    """What one text became on one way.

    Attributes:
        size: characters, all of which should come back.
        particles: occurrences of 着 and 著 among them.
        wrong: wrong characters, by what brought the text back.
        particles_wrong: those of 着 and 著.
        beyond_spelling: those of these that are neither 执著 nor a slip of the source.
        examples: wrong characters of jiaokan.
    """

    way: str
    source: str
    size: int
    particles: int
    wrong: dict[str, int]
    particles_wrong: dict[str, int]
    beyond_spelling: dict[str, int]
    examples: list[tuple[str, str]]


def documents(source: str) -> list[str]:
    """Clean simplified paragraphs of a source, each once, joined to at least ``_SIZE`` characters."""
    texts = list(filter(is_simplified, dict.fromkeys(paragraphs(source))))
    made = list(joined(texts, _SIZE, len))
    left = len(texts) - sum(text.count("\n") + 1 for text in made)
    return made + ["\n".join(texts[-left:])] * bool(left)


def is_simplified(text: str) -> bool:
    """Whether no character is one that ``t2s`` changes and simplified text does not use."""
    return simplify(text) == text or all(map(_is_used, text))


@cache
def _is_used(char: str) -> bool:
    return simplify(char) == char or (char not in _NOT_USED and char.encode("gb2312", "ignore") != b"")


def trips_of(document: tuple[str, str]) -> list[Trip]:
    """One document on every way."""
    source, text = document
    gone = {way: opencc(way)(text) for way in WAYS}
    gone[ALL_ZHU] = gone["s2t"].replace("着", "著")
    return [_trip(way, source, text, page) for way, page in gone.items() if len(page) == len(text)]


def _trip(way: str, source: str, text: str, page: str) -> Trip:
    back = {"jiaokan": repaired_script(page)} | {name: opencc(name)(page) for name in OPENCC}
    wrong = {name: wrong_places(got, text) for name, got in back.items()}
    places = {at for at, char in enumerate(text) if char in "着著"}
    sure = {at for at in places if text[at - 1] not in _EITHER and not _SLIP.match(text, at)}
    shown = [
        (f"{page[at]}: {text[at : at + 1]}", around(page, at, at + 1, context=_CONTEXT))
        for at in wrong["jiaokan"]
        if at < len(page)
    ]
    counts = (
        {name: len({*found} & among) for name, found in wrong.items()} for among in ({*range(len(text))}, places, sure)
    )
    return Trip(way, source, len(text), len(places), *counts, shown)


def wrong_places(got: str, want: str) -> list[int]:
    """Where in ``want`` the texts differ."""
    if len(got) == len(want):
        return [at for at, pair in enumerate(zip(got, want, strict=True)) if pair[0] != pair[1]]
    return [at for _, _, first, last in differences(got, want) for at in range(first, max(last, first + 1))]


def stay(document: tuple[str, str]) -> tuple[str, int, list[str]]:
    """What changes in a clean text under the defaults, the other faults skipped: its source, its size, the places."""
    source, text = document
    changes = jiaokan.repair(text, skip=ALL_BUT_SCRIPT).changes
    shown = [f"{around(text, *each.edit.span, context=_CONTEXT)} → {each.edit.after}" for each in changes]
    return source, len(text), shown


def words_of(text: str) -> dict[str, int]:
    """Places that differ after a document was made traditional and brought back, by both ways; and its size."""
    places = {"size": len(text)}
    for way in WORDS:
        page = opencc(way)(text)
        for name in WORDS_BACK:
            back = repaired_script(page, name) if name.startswith("simplified") else opencc(name)(page)
            places[f"{way} {name}"] = len(differences(back, text))
    return places


def _run(run: Run) -> Iterator[Block]:
    todo = [(source, text) for source in sources() for text in _some(documents(source), run.number)]
    trips = [trip for each in run.map(trips_of, todo, _CHUNK) for trip in each]
    stayed = list(run.map(stay, todo, _CHUNK))
    yield _wrong(trips)
    yield _particles(trips)
    if run.worst:
        yield examples("Wrong", [example for trip in trips for example in trip.examples], run.worst)
    yield _stayed(stayed)
    yield Lines("Places changed in it", [f"{source} · {place}" for source, _, places in stayed for place in places])
    yield _words(sum_rows(run.map(words_of, [text for _, text in todo][::_WITH_WORDS], _CHUNK // 2)))
    if not run.options.small:
        yield from case_blocks()


def _some(texts: Sequence[str], number: int | None) -> Sequence[str]:
    return texts[:: max(1, len(texts) // number)][:number] if number else texts


def _wrong(trips: Sequence[Trip]) -> Table:
    met = list(dict.fromkeys(trip.source for trip in trips))
    rows: list[tuple[str, list[Cell]]] = []
    for way in (*WAYS, ALL_ZHU):
        here = [trip for trip in trips if trip.way == way]
        rates = {
            name: [_rate([trip for trip in here if source in (trip.source, "all")], name) for source in (*met, "all")]
            for name in BACK
        }
        best = min(rates[name][-1] for name in OPENCC)
        rows += [(f"{way}, {name}", [*cells, cells[-1] / best if best else None]) for name, cells in rates.items()]
    columns = (*met, "all", "of the best")
    return Table(
        "Wrong characters per million, by way and by what brought it back",
        columns,
        rows,
        {"": ",.1f", "of the best": ".2f"},
    )


def _rate(trips: Sequence[Trip], name: str) -> float:
    return sum(trip.wrong[name] for trip in trips) * 1e6 / max(1, sum(trip.size for trip in trips))


def _particles(trips: Sequence[Trip]) -> Table:
    rows: list[tuple[str, list[Cell]]] = []
    for way in dict.fromkeys(trip.way for trip in trips):
        here = [trip for trip in trips if trip.way == way]
        every = sum(trip.particles for trip in here)
        missed = (
            sum_rows(each)
            for each in ((trip.particles_wrong for trip in here), (trip.beyond_spelling for trip in here))
        )
        rows.append((way, [every, *(100 - 100 * wrong[name] / max(1, every) for wrong in missed for name in BACK)]))
    columns = ("occurrences", *BACK, *(f"{name}, but spelling" for name in BACK))
    return Table("着 and 著, per cent right", columns, rows)


def _stayed(stayed: Iterable[tuple[str, int, list[str]]]) -> Table:
    sizes, places = Counter[str](), Counter[str]()
    for source, size, changed in stayed:
        for row in (source, "all"):
            sizes[row] += size
            places[row] += len(changed)
    rows = [
        (row, [sizes[row], places[row], places[row] * 1e6 / max(1, sizes[row])])
        for row in sorted(sizes, key="all".__eq__)
    ]
    return Table("Clean simplified text: places changed", ("characters", "places", "per million"), rows)


def _words(places: dict[str, int]) -> Table:
    size = max(1, places["size"])
    rows = [
        (f"{way}, {said}", [places[f"{way} {name}"] * 1e6 / size for name in WORDS_BACK]) for way, said in WORDS.items()
    ]
    return Table(f"Places that differ, per million of {size:,} characters", WORDS_BACK, rows, {"": ",.0f"})


TASK: Final = Task(_run, None, "documents of each source")
