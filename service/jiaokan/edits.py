"""The edit algebra: changes to a text as values that can be applied, undone, chained and located.

This file knows nothing of Chinese, of bytes, or of why a text changes. Its rules:

* Positions count code points; a span is half-open.
* Edits come in reading order and do not overlap: each starts at or after the end of the one before.
  Where two edits share a position (an insertion beside a replacement), their order in the sequence decides.
* An edit carries the text it replaces, so it can be checked and undone without the original.
* Edits are made by the hundred for a page, so they are tuples: these are made in half the time of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of a text, in code points.

    >>> "現(xiàn)代"[slice(*Span(1, 7))]
    '(xiàn)'
    """

    start: int
    end: int


class Edit(NamedTuple("Edit", [("span", Span), ("before", str), ("after", str)])):
    """The replacement of ``before``, which stands at ``span``, by ``after``.

    An insertion has an empty ``before``, a deletion an empty ``after``. An edit whose two sides are equal
    changes nothing: it marks a place.

    >>> Edit.at(1, "(xiàn)", "")
    Edit(span=Span(start=1, end=7), before='(xiàn)', after='')

    Raises:
        ValueError: the span does not have the length of ``before``, or starts below zero.
    """

    __slots__ = ()

    def __new__(cls, span: Span, before: str, after: str) -> Edit:
        """Checked, see above."""
        if span.start < 0 or span.end - span.start != len(before):
            raise ValueError(f"span {span} does not fit {before!r}")
        return tuple.__new__(cls, (span, before, after))

    @classmethod
    def at(cls, start: int, before: str, after: str) -> Edit:
        """The edit that replaces ``before`` at code point ``start``."""
        if start < 0:
            raise ValueError(f"a span cannot start at {start}")
        return tuple.__new__(cls, (Span(start, start + len(before)), before, after))  # it fits


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

    Raises:
        ValueError: where they meet, ``second`` does not say what ``first`` makes.
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
    """One edit of a composition, with the edits of either side that went into it.

    Where one side has none, the other has one.
    """

    edit: Edit
    first: tuple[Edit, ...]
    second: tuple[Edit, ...]


def merge(first: Iterable[Edit], second: Iterable[Edit]) -> Iterator[Merged]:
    """Compose two sequences and say which edits went into each result, in reading order.

    An edit of ``first`` that meets none of ``second`` comes out as the same object.
    """
    first, second = tuple(first), tuple(second)
    ones, others = _made(first), [edit.span for edit in second]
    i = j = shift = 0  # shift: how much longer the middle text is than the old one, up to here
    while i < len(first) and j < len(second):
        (start, end), (other_start, other_end) = ones[i], others[j]
        if end <= other_start and start < other_end:
            yield Merged(first[i], (first[i],), ())
            shift = end - first[i].span.end
            i += 1
        elif other_end <= start and other_start < end:
            yield Merged(_moved(second[j], -shift), (), (second[j],))
            j += 1
        else:
            met, after_i, after_j = _cluster(ones, i, others, j)
            yield _merged(first[i:after_i], ones[i:after_i], second[j:after_j], met, shift)
            i, j = after_i, after_j
            shift = ones[i - 1][1] - first[i - 1].span.end
    yield from (Merged(edit, (edit,), ()) for edit in first[i:])
    yield from (Merged(_moved(edit, -shift), (), (edit,)) for edit in second[j:])


def _made(edits: Iterable[Edit]) -> list[tuple[int, int]]:
    """Where the edits stand in the text that they make."""
    spans, shift = [], 0
    for (start, _), before, after in edits:
        spans.append((start + shift, start + shift + len(after)))
        shift += len(after) - len(before)
    return spans


def _cluster(
    ones: Sequence[tuple[int, int]], i: int, others: Sequence[tuple[int, int]], j: int
) -> tuple[Span, int, int]:
    """What ``ones[i]`` and ``others[j]``, which meet, cover with all that meets them; where either side goes on."""
    met = Span(min(ones[i][0], others[j][0]), max(ones[i][1], others[j][1]))
    i, j = i + 1, j + 1
    while True:
        if i < len(ones) and _meets(met, ones[i]):
            met = Span(met.start, max(met.end, ones[i][1]))
            i += 1
        elif j < len(others) and _meets(met, others[j]):
            met = Span(met.start, max(met.end, others[j][1]))
            j += 1
        else:
            return met, i, j


def _meets(met: Span, later: tuple[int, int]) -> bool:
    """Whether a later span overlaps a stretch, or is the same empty one."""
    return later[0] < met.end or met == later == (met.end, met.end)


def _merged(
    first: Sequence[Edit], ones: Sequence[tuple[int, int]], second: Sequence[Edit], met: Span, shift: int
) -> Merged:
    """Edits that cover the stretch ``met`` of the middle text together, as one edit of the old text."""
    before = [""] * (met.end - met.start)
    for (start, end), edit in zip(ones, first, strict=True):
        before[start - met.start : end - met.start] = edit.after
    for edit in second:
        before[edit.span.start - met.start : edit.span.end - met.start] = edit.before
    after = before.copy()
    for (start, end), edit in zip(reversed(ones), reversed(first), strict=True):
        made = slice(start - met.start, end - met.start)
        if "".join(before[made]) != edit.after:
            raise ValueError(f"what {edit} makes is not what is changed after it")
        before[made] = [edit.before]
    for edit in reversed(second):
        after[edit.span.start - met.start : edit.span.end - met.start] = [edit.after]
    edit = Edit.at(met.start - shift, "".join(before), "".join(after))
    return Merged(edit, tuple(first), tuple(second))


def _moved(edit: Edit, by: int) -> Edit:
    return Edit.at(edit.span.start + by, edit.before, edit.after) if by else edit
