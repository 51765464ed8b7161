"""What became of each damaged spot: exact, left and reported, left in silence, or wrong. The same rule for every peer.

A repair is judged by its edits, not by aligning two texts: a spot is widened until no edit crosses its border, and what
then stands there is compared with what should. Script does not count here: 隨著 for 随着 is as good as exact. A
document, though, is exact only if every character is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.forward.damage import Page, Spot
from bench.forward.scripts import simplify


class Verdict(StrEnum):
    """What became of a spot."""

    EXACT = "exact"
    REPORTED = "reported"  # not changed, and a doubt points at it
    SILENT = "silent"  # not changed, and nothing said
    WRONG = "wrong"  # changed into something else than what was there


@dataclass(frozen=True, slots=True)
class Change:
    """``base[start:end]`` became ``after``; ``quiet`` if only the script of characters changed.

    ``consent`` is the level the repair claims for it, empty where a repair claims none.
    """

    start: int
    end: int
    after: str
    quiet: bool
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a repair made of a page: ``changes`` in reading order turn ``base`` (as long as the page) into ``text``.

    Each of ``doubts`` is a finding that was not applied: what it would have changed, in reading order.
    """

    text: str
    base: str
    changes: tuple[Change, ...]
    doubts: tuple[tuple[Change, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A place of a page with its verdict.

    Attributes:
        spot: the damage, or ``None`` where there was none.
        start, end: the place in the page.
        got, want: what stands there now, and what should.
        consent: the level claimed for what was changed there, the lowest first in the alphabet: certain, probable.
        best_guess: what was reported there is what should stand there.
    """

    spot: Spot | None
    verdict: Verdict
    start: int
    end: int
    got: str
    want: str
    consent: str = ""
    best_guess: bool = False


def same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but script.

    >>> same("隨著", "随着"), same("随者", "随着")
    (True, False)
    """
    return one == other or _plain(one) == _plain(other)


def judge(page: Page, outcome: Outcome) -> list[Judged]:
    """The verdicts on all spots, and a ``WRONG`` on every undamaged place that was spoiled."""
    judged = [_spot(page, outcome, spot) for spot in page.spots]
    seen = {(j.start, j.end) for j in judged}
    for change in outcome.changes:
        if not change.quiet and not any(start <= change.start and change.end <= end for start, end in seen):
            start, end = _widen(page, outcome.changes, change.start, change.end)
            got, want = _got(outcome, start, end), page.clean[page.at[start] : page.at[end]]
            seen.add((start, end))
            if not same(got, want):
                judged.append(Judged(None, Verdict.WRONG, start, end, got, want))
    return judged


def _plain(text: str) -> str:
    return simplify(text).replace("著", "着").replace("乾", "干").replace("瞭", "了").replace("藉", "借")


def _spot(page: Page, outcome: Outcome, spot: Spot) -> Judged:
    start, end = _widen(page, outcome.changes, spot.start, spot.end)
    first = spot.clean_start if start == spot.start else page.at[start]
    last = spot.clean_end if end == spot.end else page.at[end]
    got, want = _got(outcome, start, end), page.clean[first:last]
    verdict = _verdict(outcome, spot, same(got, want))
    guessed = verdict is Verdict.REPORTED and _guessed(outcome, spot, start, end, want)
    return Judged(spot, verdict, start, end, got, want, _consent(outcome, spot), guessed)


def _consent(outcome: Outcome, spot: Spot) -> str:
    return max((c.consent for c in outcome.changes if not c.quiet and _touches(c, spot)), default="")


def _guessed(outcome: Outcome, spot: Spot, start: int, end: int, want: str) -> bool:
    """Whether applying one of the doubts about the spot would have been right."""
    for doubt in outcome.doubts:
        if any(_touches(change, spot) for change in doubt):
            others = [c for c in outcome.changes if not any(_meet(c.start, c.end, d.start, d.end) for d in doubt)]
            tried = Outcome("", outcome.base, tuple(sorted([*doubt, *others], key=lambda c: c.start)))
            if same(_got(tried, start, end), want):
                return True
    return False


def _verdict(outcome: Outcome, spot: Spot, restored: bool) -> Verdict:
    if restored:
        return Verdict.EXACT
    if any(not change.quiet and _touches(change, spot) for change in outcome.changes):
        return Verdict.WRONG
    reported = any(_touches(change, spot) for doubt in outcome.doubts for change in doubt)
    return Verdict.REPORTED if reported else Verdict.SILENT


def _widen(page: Page, changes: Sequence[Change], start: int, end: int) -> tuple[int, int]:
    """The smallest stretch around [start, end) that no change crosses and that begins and ends in step."""
    while True:
        before = start, end
        for change in changes:
            if _meet(change.start, change.end, start, end):
                start, end = min(start, change.start), max(end, change.end)
        while page.at[start] < 0:
            start -= 1
        while page.at[end] < 0:
            end += 1
        if before == (start, end):
            return start, end


def _touches(change: Change, spot: Spot) -> bool:
    return _meet(change.start, change.end, spot.start, spot.end)


def _meet(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Whether two stretches share a character, or one is empty and lies in or at the border of the other."""
    if start == end or other_start == other_end:
        return start <= other_end and other_start <= end
    return start < other_end and other_start < end


def _got(outcome: Outcome, start: int, end: int) -> str:
    return "".join(_pieces(outcome, start, end))


def _pieces(outcome: Outcome, start: int, end: int) -> Iterator[str]:
    at = start
    for change in outcome.changes:
        if start <= change.start and change.end <= end:
            yield outcome.base[at : change.start]
            yield change.after
            at = change.end
    yield outcome.base[at:end]
