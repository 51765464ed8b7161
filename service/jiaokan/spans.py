"""Stretches of one text, in order and apart: what is taken, what is kept, what lies between.

This file knows nothing of Chinese. Its rules:

* Two spans overlap if they share a code point. An empty span is a boundary between two code points: it overlaps the
  spans that it lies inside, and itself, not those that begin or end there.
* In ``Spans`` no two overlap, so that a mask is as long as its text and a search takes logarithmic time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from typing_extensions import override

from jiaokan.edits import Span


class Spans:
    """Spans in reading order, of which no two overlap: those that are given, any that overlap merged into one.

    Spans that only touch stay two. The spans may be given in any order, as ``Span`` or as plain pairs.

    >>> [*Spans([(4, 6), (0, 2), (1, 3), (6, 7)])]
    [Span(start=0, end=3), Span(start=4, end=6), Span(start=6, end=7)]

    Raises:
        ValueError: a span starts below zero, or ends before it starts.
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        last_start = last_end = -1
        for start, end in sorted(spans):
            if not 0 <= start <= end:
                raise ValueError(f"no span goes from {start} to {end}")
            if start < last_end or (start == last_start and end == last_end):
                if end > last_end:
                    self._ends[-1] = last_end = end
            else:
                self._starts.append(start)
                self._ends.append(end)
                last_start, last_end = start, end

    def __iter__(self) -> Iterator[Span]:
        return map(Span, self._starts, self._ends)

    def __len__(self) -> int:
        return len(self._starts)

    @override
    def __repr__(self) -> str:
        return f"Spans({[*zip(self._starts, self._ends, strict=True)]})"

    def overlaps(self, span: tuple[int, int]) -> bool:
        """Whether any of the spans overlaps this one.

        >>> spans = Spans([(2, 4)])
        >>> spans.overlaps((3, 9)), spans.overlaps((4, 9)), spans.overlaps((3, 3)), spans.overlaps((4, 4))
        (True, False, True, False)
        """
        first, last = self._overlapping(span)
        return first < last

    def covers(self, at: int) -> bool:
        """Whether the code point at ``at`` lies in one of the spans.

        >>> Spans([(2, 4)]).covers(3), Spans([(2, 4)]).covers(4)
        (True, False)
        """
        return self.overlaps((at, at + 1))

    def parts_outside(self, span: tuple[int, int]) -> Iterator[Span]:
        """What of a span lies in none of the spans: the span itself if nothing overlaps it, else no empty part.

        >>> [*Spans([(2, 4)]).parts_outside((1, 6))]
        [Span(start=1, end=2), Span(start=4, end=6)]
        """
        start, end = span
        first, last = self._overlapping(span)
        if first == last:
            yield Span(start, end)
            return
        for taken_start, taken_end in zip(self._starts[first:last], self._ends[first:last], strict=True):
            if start < taken_start:
                yield Span(start, taken_start)
            start = taken_end
        if start < end:
            yield Span(start, end)

    def mask(self, text: str) -> str:
        """The text, as long as it is, with U+0000 for every character of the spans.

        >>> Spans([(0, 1)]).mask("問題")
        '\\x00題'
        """
        pieces: list[str] = []
        done = 0
        for start, end in zip(self._starts, self._ends, strict=True):
            pieces += text[done:start], "\0" * len(text[start:end])
            done = end
        return "".join(pieces) + text[done:] if pieces else text

    def _overlapping(self, span: tuple[int, int]) -> tuple[int, int]:
        """The numbers, from and to, of the spans that overlap this one."""
        start, end = span
        first = bisect_right(self._ends, start)
        if start == end and first and self._starts[first - 1] == start:
            first -= 1  # the same boundary
        return first, max(first, bisect_left(self._starts, end) if start < end else self._inside(first, start))

    def _inside(self, first: int, boundary: int) -> int:
        """The number behind the one span, of those from ``first`` on, that a boundary overlaps."""
        if first < len(self._starts) and (self._starts[first] < boundary or self._ends[first] == boundary):
            return first + 1
        return first
