"""Results counted and printed: the tables and examples of the accuracy bench."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from judge import Verdict

UNDAMAGED: Final = "undamaged text"
IN_STEP: Final = ("aligned annotation", "across Han and ASCII", "second rule, blank", UNDAMAGED)

_SPOTS: Final = ("spots", "exact", "reported", "silent", "wrong")
_COLUMNS: Final = ("documents", "exact", "but script", *_SPOTS, "spoiled/M", "out of step", *_SPOTS[1:])


@dataclass(frozen=True, slots=True)
class Place:
    """A judged place, ready to be counted and shown; ``page`` has it in brackets, with what is around it."""

    kind: str
    length: str
    verdict: Verdict
    page: str
    got: str
    want: str
    consent: str
    best_guess: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What one peer made of one document of ``size`` characters."""

    peer: str
    traits: tuple[str, ...]
    size: int
    exact: bool
    exact_but_script: bool
    places: tuple[Place, ...]


class Count:
    """Places by verdict, documents by success."""

    def __init__(self) -> None:
        self.verdicts: Counter[Verdict] = Counter()
        self.out_of_step: Counter[Verdict] = Counter()
        self.documents = self.exact = self.exact_but_script = self.size = self.spoiled = 0

    def add(self, result: Result) -> None:
        """Count one result in."""
        self.documents += 1
        self.exact += result.exact
        self.exact_but_script += result.exact_but_script
        self.size += result.size
        for place in result.places:
            if place.kind == UNDAMAGED:
                self.spoiled += 1
                continue
            self.verdicts[place.verdict] += 1
            self.out_of_step[place.verdict] += place.kind not in IN_STEP

    def cells(self) -> list[str]:
        """One row under ``_COLUMNS``."""
        return [
            f"{self.documents:,}",
            _percent(self.exact, self.documents),
            _percent(self.exact_but_script, self.documents),
            *_shares(self.verdicts),
            f"{self.spoiled * 1e6 / max(1, self.size):,.0f}",
            *_shares(self.out_of_step),
        ]


class Shares:
    """Hits among trials, by row and column, in the order in which they first came."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)

    def add(self, row: str, column: str, hits: int, trials: int = 1) -> None:
        """Count trials in."""
        had, of = self.counts[row].get(column, (0, 0))
        self.counts[row][column] = had + hits, of + trials

    def print(self, console: Console, title: str) -> None:
        """Per cent of hits, after the most trials that a cell of the row has."""
        columns = list(dict.fromkeys(column for cells in self.counts.values() for column in cells))
        rows = {
            row: [f"{max(of for _, of in cells.values()):,}", *(_percent(*cells.get(c, (0, 0))) for c in columns)]
            for row, cells in self.counts.items()
        }
        _print(console, title, ("samples", *columns), rows)


def report(results: Sequence[Result], console: Console) -> None:
    """Four tables: the peers; then jiaokan by kind of spot, by level of consent, and by trait of the page."""
    ours = [result for result in results if result.peer == "jiaokan"]
    by_peer: dict[str, Count] = defaultdict(Count)
    by_trait: dict[str, Count] = defaultdict(Count)
    for result in results:
        by_peer[result.peer].add(result)
    for result in ours:
        for trait in result.traits:
            by_trait[trait].add(result)
    places = [place for result in ours for place in result.places if place.kind != UNDAMAGED]
    _print(console, "All peers (per cent)", _COLUMNS, {peer: by_peer[peer].cells() for peer in by_peer})
    _print(console, "jiaokan by kind of spot", (*_SPOTS, "best guess"), _by_kind(places))
    _print(console, "jiaokan by consent", ("changed", "exact", "wrong"), _by_consent(places))
    _print(console, "jiaokan by page", _COLUMNS, {trait: by_trait[trait].cells() for trait in sorted(by_trait)})


def report_worst(results: Sequence[Result], number: int, console: Console) -> None:
    """About ``number`` examples of each verdict short of exact, from every kind of spot, spread over all there are."""
    places = [place for result in results if result.peer == "jiaokan" for place in result.places]
    for verdict in (Verdict.WRONG, Verdict.SILENT, Verdict.REPORTED):
        found = sorted((p for p in places if p.verdict is verdict), key=lambda p: (p.kind, p.length))
        console.print(f"\n{verdict}: {len(found):,}", style="bold")
        groups = [list(group) for _, group in groupby(found, key=lambda p: (p.kind, p.length))]
        for group in groups:
            shown = max(1, round(number / len(groups)))
            for place in group[:: max(1, len(group) // shown)][:shown]:
                console.print(_example(place), markup=False, highlight=False, soft_wrap=True)


def print_examples(console: Console, title: str, examples: Sequence[tuple[str, str]], number: int) -> None:
    """About ``number`` examples, as many of each group that they name first, spread over all there are."""
    console.print(f"\n{title}: {len(examples):,}", style="bold")
    groups: dict[str, list[str]] = defaultdict(list)
    for group, example in examples:
        groups[group].append(example)
    for group, its in groups.items():
        shown = max(1, round(number / len(groups)))
        for example in its[:: max(1, len(its) // shown)][:shown]:
            console.print(f"{group}\n{example}", markup=False, highlight=False, soft_wrap=True)


def print_counts(console: Console, title: str, columns: Iterable[str], rows: dict[str, list[str]]) -> None:
    """A table of what was counted."""
    _print(console, title, columns, rows)


def first_difference(got: str, want: str, context: int = 12) -> str:
    """Two lines: the texts around the place where they part."""
    at = next(
        (i for i, (one, other) in enumerate(zip(got, want, strict=False)) if one != other), min(len(got), len(want))
    )
    start, end = max(0, at - context), at + 2 * context
    return f"  got  {got[start:end]!r}\n  want {want[start:end]!r}"


def _example(place: Place) -> str:
    head = " · ".join(filter(None, (place.kind, place.length, place.consent, "best guess right" * place.best_guess)))
    return f"{head}\n  page {place.page}\n  got  {place.got!r}\n  want {place.want!r}"


def _by_kind(places: Sequence[Place]) -> dict[str, list[str]]:
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        groups[place.kind].append(place)
        if place.kind not in IN_STEP:
            groups["all out of step"].append(place)
            groups[f"out of step, {place.length:>4} characters"].append(place)
    return {
        name: [*_shares(Counter(p.verdict for p in groups[name])), _guesses(groups[name])] for name in sorted(groups)
    }


def _guesses(places: Sequence[Place]) -> str:
    reported = [place for place in places if place.verdict is Verdict.REPORTED]
    return _percent(sum(place.best_guess for place in reported), len(reported))


def _by_consent(places: Sequence[Place]) -> dict[str, list[str]]:
    rows = {}
    for out_of_step in (False, True):
        here = [place for place in places if (place.kind not in IN_STEP) is out_of_step and place.consent]
        for consent in sorted({place.consent for place in here}):
            verdicts = Counter(place.verdict for place in here if place.consent == consent)
            shares = (_percent(verdicts[verdict], verdicts.total()) for verdict in (Verdict.EXACT, Verdict.WRONG))
            rows[f"{consent}, {'out of' if out_of_step else 'in'} step"] = [f"{verdicts.total():,}", *shares]
    return rows


def _shares(verdicts: Counter[Verdict]) -> list[str]:
    total = verdicts.total()
    return [f"{total:,}", *(_percent(verdicts[verdict], total) for verdict in Verdict)]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def _print(console: Console, title: str, columns: Iterable[str], rows: dict[str, list[str]]) -> None:
    table = Table("", title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, justify="right")
    for name, cells in rows.items():
        table.add_row(name, *cells)
    console.print(table)
