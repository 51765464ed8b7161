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
from itertools import repeat
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of a text, in code points.

    >>> "現(xiàn)代"[slice(*Span(1, 7))]
    '(xiàn)'
    """

    start: int
    end: int


class Edit(NamedTuple):
    """The replacement of ``before``, which stands at code point ``start``, by ``after``.

    An insertion has an empty ``before``, a deletion an empty ``after``. An edit whose two sides are equal
    changes nothing: it marks a place.

    >>> Edit.at(1, "(xiàn)", "")
    Edit(start=1, before='(xiàn)', after='')
    """

    start: int
    before: str
    after: str

    @property
    def end(self) -> int:
        """The code point behind ``before``."""
        return self.start + len(self.before)

    @property
    def span(self) -> Span:
        """Where ``before`` stands."""
        return Span(self.start, self.start + len(self.before))

    @classmethod
    def at(cls, start: int, before: str, after: str) -> Edit:
        """The edit that replaces ``before`` at code point ``start``.

        Raises:
            ValueError: ``start`` is below zero.
        """
        if start < 0:
            raise ValueError(f"an edit cannot start at {start}")
        return tuple.__new__(cls, (start, before, after))  # named tuples are made in half the time this way

    @classmethod
    def each(cls, starts: Iterable[int], before: Iterable[str], after: Iterable[str]) -> Iterator[Edit]:
        """One edit for each of the starts, which are not below zero, with the two sides that come with it."""
        return map(tuple.__new__, repeat(cls), zip(starts, before, after, strict=True))


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
        start, before, after = edit
        end = start + len(before)
        if start < done or text[start:end] != before:
            raise ValueError(f"{edit} does not apply after code point {done}")
        pieces += text[done:start], after
        done = end
    return "".join(pieces) + text[done:] if pieces else text


def invert(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that undo ``edits``: ``apply(apply(text, edits), invert(edits)) == text``.

    >>> invert([Edit.at(1, "(xiàn)", "")])
    (Edit(start=1, before='', after='(xiàn)'),)
    """
    undone, shift = [], 0
    for start, before, after in edits:
        undone.append(Edit.at(start + shift, after, before))
        shift += len(after) - len(before)
    return tuple(undone)


def compose(first: Iterable[Edit], second: Iterable[Edit]) -> tuple[Edit, ...]:
    """One sequence that does what ``first`` and then ``second`` do.

    ``second`` is located in the text that ``first`` makes. Edits that meet in that middle text are merged
    (ICU calls this the coarse view); a merged edit that changes nothing is dropped.

    >>> compose([Edit.at(0, "問", "问")], [Edit.at(1, "", "题")])
    (Edit(start=0, before='問', after='问'), Edit(start=1, before='', after='题'))

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
        if edit.end <= place.start:
            before_start += grown
        elif edit.start >= end:
            break
        elif edit.start < place.start:
            new_start = edit.start + before_start
        end = max(end, edit.end)
        before_end += grown
    return Span(start + before_start if new_start is None else new_start, end + before_end)


def merge(first: Iterable[Edit], second: Iterable[Edit]) -> Iterator[tuple[Edit, int, int]]:
    """Compose two sequences, and say of each edit how many of ``first`` and how many of ``second`` went into it.

    Every edit of either side goes into one of the result, in reading order. An edit of ``first`` that meets none of
    ``second`` comes out as the same object.

    >>> twice = merge([Edit.at(0, "問", "问")], [Edit.at(0, "问", "闻"), Edit.at(1, "", "题")])
    >>> [(edit.before, edit.after, ones, others) for edit, ones, others in twice]
    [('問', '闻', 1, 1), ('', '题', 0, 1)]
    """
    first, second = tuple(first), tuple(second)
    ones, others = _made(first), [(start, start + len(before)) for start, before, _ in second]
    i = j = shift = 0  # shift: how much longer the middle text is than the old one, up to here
    while i < len(first) and j < len(second):
        (start, end), (other_start, other_end) = ones[i], others[j]
        if other_end <= start and other_start < end:
            yield _moved(second[j], -shift), 0, 1
            j += 1
            continue
        if end <= other_start and start < other_end:
            yield first[i], 1, 0
            i += 1
        else:
            after_i, after_j = _cluster(ones, i, others, j)
            start = min(start, other_start)
            sides = _sides(start, ones[i:after_i], first[i:after_i], others[j:after_j], second[j:after_j])
            yield Edit.at(start - shift, *sides), after_i - i, after_j - j
            i, j = after_i, after_j
        shift = ones[i - 1][1] - first[i - 1].end
    for edit in first[i:]:
        yield edit, 1, 0
    for edit in second[j:]:
        yield _moved(edit, -shift), 0, 1


_Spans = Sequence[tuple[int, int]]  # plain tuples, which are made faster than ``Span``


def _made(edits: Iterable[Edit]) -> _Spans:
    """Where the edits stand in the text that they make."""
    spans, shift = [], 0
    for start, before, after in edits:
        made = start + shift + len(after)
        spans.append((start + shift, made))
        shift = made - start - len(before)
    return spans


def _cluster(ones: _Spans, i: int, others: _Spans, j: int) -> tuple[int, int]:
    """Where either side goes on behind ``ones[i]`` and ``others[j]``, which meet, and all that meets them."""
    start, end = min(ones[i][0], others[j][0]), max(ones[i][1], others[j][1])
    empty = (start, end) if start == end else None  # an empty span meets its like, all others what they overlap
    i, j = i + 1, j + 1
    while True:
        if i < len(ones) and (ones[i][0] < end or ones[i] == empty):
            end = max(end, ones[i][1])
            i += 1
        elif j < len(others) and (others[j][0] < end or others[j] == empty):
            end = max(end, others[j][1])
            j += 1
        else:
            return i, j


def _sides(start: int, ones: _Spans, first: Sequence[Edit], others: _Spans, second: Sequence[Edit]) -> tuple[str, str]:
    """What edits that meet, from ``start`` of the middle text on, have replaced together, and by what."""
    middle = before = after = ""
    undone = done = i = j = 0  # undone, done: how much of the middle text either side accounts for
    while i < len(first) or j < len(second):
        if j == len(second) or (i < len(first) and ones[i] <= others[j]):
            at, end = ones[i][0] - start, ones[i][1] - start
            middle = _known(middle, at, first[i].after)
            before += middle[undone:at] + first[i].before
            undone = end
            i += 1
        else:
            at, end = others[j][0] - start, others[j][1] - start
            middle = _known(middle, at, second[j].before)
            after += middle[done:at] + second[j].after
            done = end
            j += 1
    return before + middle[undone:], after + middle[done:]


def _known(middle: str, at: int, text: str) -> str:
    """The middle text as far as it is known, once ``text`` is known to stand at ``at``."""
    known = middle[at:]
    if not known.startswith(text) and not text.startswith(known):
        raise ValueError(f"{known!r} and {text!r} cannot stand in the same place")
    return middle + text[len(known) :]


def _moved(edit: Edit, by: int) -> Edit:
    """The edit further on, or back."""
    start, before, after = edit
    return tuple.__new__(Edit, (start + by, before, after)) if by else edit
