"""The byte-blind replacement: clean documents damaged by sites that are made up, repaired, and judged spot by spot.

Beside jiaokan: everything that looks like a reading removed, then OpenCC; ftfy, then OpenCC.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from bench.corpus import documents, shares
from bench.forward.damage import Kind, Page, Site, Spot, damage
from bench.forward.sites import draw, is_toneless
from bench.harness import Run, Task
from bench.peers.repairs import REPAIRS
from bench.tables import Block, Cell, Table, around, examples, percent
from bench.tasks.judge import Judged, Outcome, Verdict, judge, same

_CHUNK: Final = 20  # documents a process takes at a time
_NAMES: Final = {
    frozenset({Kind.ALIGNED}): "aligned annotation",
    frozenset({Kind.STRADDLING}): "straddling hit",
    frozenset({Kind.ACROSS_ASCII}): "across Han and ASCII",
    frozenset({Kind.MARK}): "second rule, blank",
    frozenset({Kind.MARK_STRADDLING}): "second rule, straddling",
}
_LENGTHS: Final = ((2, "1-2"), (4, "3-4"), (8, "5-8"), (16, "9-16"), (10**6, "17+"))
_UNDAMAGED: Final = "undamaged text"
_IN_STEP: Final = ("aligned annotation", "across Han and ASCII", "second rule, blank", _UNDAMAGED)
_SPOTS: Final = ("spots", "exact", "reported", "silent", "wrong")
_COLUMNS: Final = ("documents", "exact", "but script", *_SPOTS, "spoiled/M", "out of step", *_SPOTS[1:])


class Document(NamedTuple):
    """One document to damage and repair; its seed makes its site."""

    source: str
    text: str
    seed: str


@dataclass(frozen=True, slots=True)
class Place:
    """A judged place, ready to be counted and shown; ``page`` has it in brackets, with what is around it."""

    kind: str
    length: str
    judged: Judged
    page: str

    @property
    def out_of_step(self) -> bool:
        """Whether its text was read one byte out of step."""
        return self.kind not in _IN_STEP


@dataclass(frozen=True, slots=True)
class Result:
    """What one peer made of one document of ``size`` characters."""

    peer: str
    traits: tuple[str, ...]
    size: int
    exact: bool
    exact_but_script: bool
    places: tuple[Place, ...]


def sample(number: int, seed: int) -> Iterator[Document]:
    """``number`` documents of all sources, each with a site of its own."""
    for source, share in shares().items():
        for text in documents(source)[: round(number * share)]:
            yield Document(source, text, f"{seed} {text}")


def damaged(document: Document) -> Page:
    """The page that its site makes of a document."""
    return damage(document.text, draw(document.seed, document.text))


def measure(document: Document) -> list[Result]:
    """The results of all peers on one document."""
    page = damaged(document)
    return [_result(name, repair, page, document.source) for name, repair in REPAIRS.items()]


def measure_jiaokan(document: Document) -> Result:
    """The result of jiaokan alone."""
    return _result("jiaokan", REPAIRS["jiaokan"], damaged(document), document.source)


def _result(name: str, repair: Callable[[str], Outcome], page: Page, source: str) -> Result:
    outcome = repair(page.text)
    places = tuple(_place(page, judged) for judged in judge(page, outcome))
    out = any(place.out_of_step for place in places)
    difficulty = "documents with spots out of step" if out else "documents wholly in step"
    traits = (*_traits(page.site), difficulty, f"source: {source}")
    but_script = same(outcome.text, page.clean)
    return Result(name, traits, len(page.text), outcome.text == page.clean, but_script, places)


def _place(page: Page, judged: Judged) -> Place:
    shown = around(page.text, judged.start, judged.end)
    return Place(_kind(judged.spot), _length(judged.spot), judged, shown)


def _kind(spot: Spot | None) -> str:
    if spot is None:
        return _UNDAMAGED
    return _NAMES.get(spot.kinds, "several hits") if spot.hits == 1 else "several hits"


def _length(spot: Spot | None) -> str:
    characters = spot.clean_end - spot.clean_start if spot else 0
    return next(name for most, name in _LENGTHS if characters <= most)


def _traits(site: Site) -> Iterator[str]:
    yield f"lost byte: {site.decoder}"
    yield f"folding: {site.folding}"
    yield f"private use: {'kept' if site.private else 'stripped'}"
    yield f"script: {site.script}{', converted back' if site.converted else ''}"
    yield ("rules: both, " + ("blanks shown" if site.blank else "nothing shown")) if site.controls else "rules: first"
    yield f"table: {'5-20' if len(site.entries) <= 20 else '21-50' if len(site.entries) <= 50 else '51-80'} characters"
    yield from ["rare: readings without tones"] * is_toneless(site)
    yield from ["rare: fullwidth parentheses"] * site.fullwidth
    yield from ["rare: replaced twice"] * (site.runs > 1)


def _run(run: Run) -> Iterator[Block]:
    results = list(chain.from_iterable(run.map(measure, sample(run.number, run.seed), _CHUNK)))
    ours = [result for result in results if result.peer == "jiaokan"]
    by_peer, by_trait = (defaultdict[str, list[Result]](list) for _ in range(2))
    for result in results:
        by_peer[result.peer].append(result)
    for result in ours:
        for trait in result.traits:
            by_trait[trait].append(result)
    places = [place for result in ours for place in result.places if place.kind != _UNDAMAGED]
    formats = {"spoiled/M": ",.0f"}
    yield Table("All peers (per cent)", _COLUMNS, [(n, _figures(r)) for n, r in by_peer.items()], formats)
    yield Table("jiaokan by kind of spot", (*_SPOTS, "best guess"), list(_by_kind(places)))
    yield Table("jiaokan by consent", ("changed", "exact", "wrong"), list(_by_consent(places)))
    yield Table("jiaokan by page", _COLUMNS, [(n, _figures(by_trait[n])) for n in sorted(by_trait)], formats)
    if run.worst:
        every = [place for result in ours for place in result.places]
        for verdict in (Verdict.WRONG, Verdict.SILENT, Verdict.REPORTED):
            found = sorted((p for p in every if p.judged.verdict is verdict), key=lambda p: (p.kind, p.length))
            yield examples(str(verdict), [(f"{p.kind} · {p.length}", _example(p)) for p in found], run.worst)


def _figures(results: Sequence[Result]) -> list[Cell]:
    """One row under ``_COLUMNS``."""
    places = [place for result in results for place in result.places]
    spots = [place for place in places if place.kind != _UNDAMAGED]
    size = sum(result.size for result in results)
    return [
        len(results),
        percent(sum(result.exact for result in results), len(results)),
        percent(sum(result.exact_but_script for result in results), len(results)),
        *_shares(spots),
        (len(places) - len(spots)) * 1e6 / max(1, size),
        *_shares([place for place in spots if place.out_of_step]),
    ]


def _example(place: Place) -> str:
    judged = place.judged
    said = " · ".join(filter(None, (judged.consent, "best guess right" * judged.best_guess)))
    return f"  page {place.page} {said}\n  got  {judged.got!r}\n  want {judged.want!r}"


def _by_kind(places: Sequence[Place]) -> Iterator[tuple[str, list[Cell]]]:
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        groups[place.kind].append(place)
        if place.out_of_step:
            groups["all out of step"].append(place)
            groups[f"out of step, {place.length:>4} characters"].append(place)
    for name in sorted(groups):
        reported = [place.judged for place in groups[name] if place.judged.verdict is Verdict.REPORTED]
        guesses = percent(sum(judged.best_guess for judged in reported), len(reported))
        yield name, [*_shares(groups[name]), guesses]


def _by_consent(places: Sequence[Place]) -> Iterator[tuple[str, list[Cell]]]:
    for out_of_step in (False, True):
        here = [place for place in places if place.out_of_step is out_of_step and place.judged.consent]
        for consent in sorted({place.judged.consent for place in here}):
            verdicts = Counter(place.judged.verdict for place in here if place.judged.consent == consent)
            total = verdicts.total()
            right = (percent(verdicts[verdict], total) for verdict in (Verdict.EXACT, Verdict.WRONG))
            yield f"{consent}, {'out of' if out_of_step else 'in'} step", [total, *right]


def _shares(places: Sequence[Place]) -> list[Cell]:
    verdicts = Counter(place.judged.verdict for place in places)
    return [len(places), *(percent(verdicts[verdict], len(places)) for verdict in Verdict)]


TASK: Final = Task(_run, 4000)
