"""The edit algebra: changes to a text as values that can be applied, undone, chained and located.

This file knows nothing of Chinese, of bytes, or of why a text changes. Its rules:

* Positions count code points; a span is half-open.
* Edits come in reading order and do not overlap: each starts at or after the end of the one before.
  Where two edits share a position (an insertion beside a replacement), their order in the sequence decides.
* An edit carries the text it replaces, so it can be checked and undone without the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of a text, in code points.

    >>> "現(xiàn)代"[slice(*Span(1, 7))]
    '(xiàn)'
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """The replacement of ``before``, which stands at ``span``, by ``after``.

    An insertion has an empty ``before``, a deletion an empty ``after``. An edit whose two sides are equal
    changes nothing: it marks a place.

    >>> Edit.at(1, "(xiàn)", "")
    Edit(span=Span(start=1, end=7), before='(xiàn)', after='')

    Raises:
        ValueError: the span does not have the length of ``before``, or starts below zero.
    """

    span: Span
    before: str
    after: str

    def __post_init__(self) -> None:
        if self.span.start < 0 or self.span.end - self.span.start != len(self.before):
            raise ValueError(f"span {self.span} does not fit {self.before!r}")

    @classmethod
    def at(cls, start: int, before: str, after: str) -> Edit:
        """The edit that replaces ``before`` at code point ``start``."""
        return cls(Span(start, start + len(before)), before, after)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made.

    >>> apply("現(xiàn)代", [Edit.at(0, "現", "现"), Edit.at(1, "(xiàn)", "")])
    '现代'

    Raises:
        ValueError: the edits are out of order, overlap, or do not say what stands in ``text``.
    """
    pieces: list[str] = []
    done = 0
    for edit in edits:
        start, end = edit.span
        if start < done or text[start:end] != edit.before:
            raise ValueError(f"{edit} does not apply after code point {done}")
        pieces += text[done:start], edit.after
        done = end
    return "".join(pieces) + text[done:] if pieces else text


def invert(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that undo ``edits``: ``apply(apply(text, edits), invert(edits)) == text``.

    >>> invert([Edit.at(1, "(xiàn)", "")])
    (Edit(span=Span(start=1, end=1), before='', after='(xiàn)'),)
    """
    undone, shift = [], 0
    for edit in edits:
        undone.append(Edit.at(edit.span.start + shift, edit.after, edit.before))
        shift += len(edit.after) - len(edit.before)
    return tuple(undone)


def compose(first: Iterable[Edit], second: Iterable[Edit]) -> tuple[Edit, ...]:
    """One sequence that does what ``first`` and then ``second`` do.

    ``second`` is located in the text that ``first`` makes. Edits that meet in that middle text are merged
    (ICU calls this the coarse view); a merged edit that changes nothing is dropped.

    >>> compose([Edit.at(0, "問", "问")], [Edit.at(1, "", "题")])
    (Edit(span=Span(start=0, end=1), before='問', after='问'), Edit(span=Span(start=1, end=1), before='', after='题'))
    """
    return tuple(edit for edit, _, _ in merge(first, second) if edit.before != edit.after)


def locate(edits: Iterable[Edit], place: Span) -> Span:
    """Where ``place`` of the old text lies in the new one: the least span that holds all that became of it.

    A position is an empty span. To go from the new text to the old one, locate in ``invert(edits)``.

    >>> removed = [Edit.at(1, "(xiàn)", "")]
    >>> locate(removed, Span(7, 8))
    Span(start=1, end=2)
    >>> locate(invert(removed), Span(1, 2))
    Span(start=7, end=8)
    """
    start, end = place
    new_start, before_start, before_end = None, 0, 0
    for edit in edits:
        grown = len(edit.after) - len(edit.before)
        if edit.span.end <= place.start:
            before_start += grown
        elif edit.span.start >= end:
            break
        elif edit.span.start < place.start:
            new_start = edit.span.start + before_start
        end = max(end, edit.span.end)
        before_end += grown
    return Span(start + before_start if new_start is None else new_start, end + before_end)


class Merged(NamedTuple):
    """One edit of a composition, with the edits of either side that went into it."""

    edit: Edit
    first: tuple[Edit, ...]
    second: tuple[Edit, ...]


@dataclass(slots=True)
class _Cluster:
    """Edits of both sides that meet, and the stretch of the middle text they cover together."""

    start: int
    end: int
    first: list[Edit]  # located in the middle text, as inverse edits
    second: list[Edit]

    def meets(self, other: _Cluster) -> bool:
        if not ((self.first and other.second) or (self.second and other.first)):
            return False
        start, end = max(self.start, other.start), min(self.end, other.end)
        if start < end:
            return True
        if start > end:
            return False
        both_empty = self.start == self.end == other.start == other.end
        return both_empty or self.start < start < self.end or other.start < start < other.end

    def absorb(self, other: _Cluster) -> None:
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.first, self.second = self.first + other.first, self.second + other.second

    def merged(self, source_start: int) -> Edit:
        if not self.first and len(self.second) == 1:
            return Edit.at(source_start, self.second[0].before, self.second[0].after)
        if not self.second and len(self.first) == 1:
            return Edit.at(source_start, self.first[0].after, self.first[0].before)
        middle = [""] * (self.end - self.start)
        for edit in (*self.first, *self.second):
            middle[edit.span.start - self.start : edit.span.end - self.start] = edit.before
        text = "".join(middle)
        return Edit.at(source_start, apply(text, self._shifted(self.first)), apply(text, self._shifted(self.second)))

    def _shifted(self, edits: list[Edit]) -> list[Edit]:
        return [Edit.at(edit.span.start - self.start, edit.before, edit.after) for edit in edits]


def merge(first: Iterable[Edit], second: Iterable[Edit]) -> Iterator[Merged]:
    """Compose two sequences and say which edits went into each result, in reading order."""
    first, second = tuple(first), tuple(second)
    undo = invert(first)
    original = dict(zip(map(id, undo), first, strict=True))
    shift = 0
    for cluster in _clusters(undo, second):
        edit = cluster.merged(cluster.start - shift)
        shift += sum(len(e.before) - len(e.after) for e in cluster.first)
        yield Merged(edit, tuple(original[id(e)] for e in cluster.first), tuple(cluster.second))


def _clusters(undo: Sequence[Edit], second: Sequence[Edit]) -> list[_Cluster]:
    """The edits of both sides in the order of the middle text, those that meet put together."""
    clusters: list[_Cluster] = []
    singles = [_Cluster(*e.span, [e], []) for e in undo] + [_Cluster(*e.span, [], [e]) for e in second]
    for cluster in sorted(singles, key=lambda c: (c.start, c.end)):
        while clusters and clusters[-1].meets(cluster):
            last = clusters.pop()
            last.absorb(cluster)
            cluster = last
        clusters.append(cluster)
    return clusters
