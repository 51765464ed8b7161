"""A repair made visible: as plain text, and in colour for a terminal.

Rules of this file: nothing is compared. What is shown comes from the account the repair carries, so that a rendering
and the repair cannot disagree. Lines are lines of the source; only those with a change or a doubt are shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from jiaokan.charset.source import Source
from jiaokan.edits import Edit, apply
from jiaokan.pipeline import findings
from jiaokan.report import Change, Finding, Repair

if TYPE_CHECKING:
    from rich.text import Text

_LINE_BREAK: Final = re.compile(r"\r?\n")
# What a page cannot show or must not send to a terminal: controls but for the tab, format characters (zero width,
# direction), surrogates, private use (Unicode categories Cc, Cf, Cs, Co) and the line and paragraph separators.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
# The second charset is named from this confidence on: below it shows as 0.00.
_WORTH_NAMING: Final = 0.005
# A reason quotes at most this many code points of either side; the lines above it show the rest.
_QUOTED: Final = 40


def lines(repair: Repair) -> Iterator[str]:
    """One line for each change and each doubt, in reading order: where, what, and why.

    >>> import jiaokan
    >>> list(lines(jiaokan.repair("你好")))
    []
    """
    starts = _line_starts(repair.source.text)
    for found in findings(repair):
        edit = whole(found, repair.source.text)
        yield f"{_place(edit, starts)} {_what(edit)} {_why(found)}"


def charset(source: Source) -> str:
    """One line on how bytes were read, empty for text and for UTF-8 without a loss, which go without saying.

    >>> charset(Source.read("催收的必要性".encode("gbk")))
    'charset gb18030, 1.00: the likeliest of 2 readings'
    >>> charset(Source.read("催收".encode()))
    ''
    """
    if source.charset is None or (source.charset == "utf-8" and not source.losses and not source.passages):
        return ""
    second = source.runner_up
    rival = f" (or {second.charset}, {second.confidence:.2f})" if second and second.confidence >= _WORTH_NAMING else ""
    return f"charset {source.charset}, {source.confidence:.2f}{rival}: {source.evidence}{_lost(source)}"


def _lost(source: Source) -> str:
    """How many bytes could not be read, and where the first one was."""
    lost = sum(len(loss.raw) for loss in source.losses)
    if not lost:
        return ""
    at = _position(source.losses[0].span.start, _line_starts(source.text))
    return f"; 1 byte lost at {at}" if lost == 1 else f"; {lost} bytes lost, the first at {at}"


def unified(repair: Repair) -> str:
    """The lines with changes, before (``-``) and after (``+``), and the reason for each change.

    ``!`` opens the reason for a change and ``?`` a doubt, which was not applied. Both say line and column, counted
    from 1, columns in code points. What cannot be seen is written as ``<U+200B>``. Without changes and doubts the
    result is empty; otherwise it ends with a line break.
    """
    return "".join(f"{line}\n" for hunk in _hunks(repair) for line in _plain(hunk))


def inline(repair: Repair) -> Text:
    """The same for a terminal, each line once: what went is red and struck through, what came is green."""
    from rich.text import Text

    page = Text()
    for hunk in _hunks(repair):
        page.append(f"{hunk.heading}\n", "cyan")
        for piece in hunk.pieces:
            if piece.before == piece.after:
                page.append(_visible_lines(piece.before))
            else:
                page.append(_visible_lines(piece.before), "red strike").append(_visible_lines(piece.after), "green")
        page.append("\n")
        for mark, reason in hunk.reasons():
            page.append(f"{mark} {reason}\n", "dim" if mark == "!" else "yellow")
    return page


def whole(found: Change | Finding, text: str) -> Edit:
    """All edits of one change of, or finding in, ``text`` as a single edit, with the text between them.

    >>> from jiaokan.report import Consent, Fault
    >>> two = (Edit.at(0, "現", "现"), Edit.at(2, "電", "电"))
    >>> whole(Finding(Fault.SCRIPT, two, Consent.PROBABLE, 0.9, "traditional"), "現代電")
    Edit(start=0, before='現代電', after='现代电')
    """
    edits = _edits(found)
    if len(edits) == 1:
        return edits[0]
    start, end = edits[0].start, edits[-1].end
    moved = (Edit.at(edit.start - start, edit.before, edit.after) for edit in edits)
    return Edit.at(start, text[start:end], apply(text[start:end], moved))


class _Piece(NamedTuple):
    """A stretch of a changed line; both sides are equal where nothing changed."""

    before: str
    after: str


@dataclass(slots=True)
class _Hunk:
    """A run of source lines, counted from 1, with all that was found there."""

    first: int
    last: int
    found: list[Change | Finding] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)  # mark, place, what and why

    @property
    def heading(self) -> str:
        return f"@@ line {self.first} @@" if self.first == self.last else f"@@ lines {self.first}-{self.last} @@"

    def reasons(self) -> Iterator[tuple[str, str]]:
        """The mark and the words of each distinct reason, with all the places it holds for."""
        places: dict[tuple[str, str], list[str]] = {}
        for mark, place, words in self.notes:
            places.setdefault((mark, words), []).append(place)
        for (mark, words), where in places.items():
            yield mark, f"{', '.join(where)} {words}"


def _hunks(repair: Repair) -> Iterator[_Hunk]:
    """The stretches of the source with changes or doubts, in reading order."""
    found: Sequence[Change | Finding] = (*repair.changes, *repair.doubts)
    if not found:  # as of most documents: the lines need not be looked for
        return
    text = repair.source.text
    starts = _line_starts(text)
    ends = [start - 1 for start in starts[1:]] + [len(text)]
    for hunk in _grouped(found, starts):
        changed = [each.edit for each in hunk.found if isinstance(each, Change)]
        end = ends[hunk.last - 1]
        hunk.pieces = _pieces(text, starts[hunk.first - 1], end - (text[end - 1 : end] == "\r"), changed)
        for each in hunk.found:
            edit = whole(each, text)
            mark = "!" if isinstance(each, Change) else "?"
            hunk.notes.append((mark, _place(edit, starts), f"{_what(edit)} {_why(each)}"))
        yield hunk


def _grouped(everything: Iterable[Change | Finding], starts: Sequence[int]) -> Iterator[_Hunk]:
    """What was found, put together by the lines it touches."""
    hunk: _Hunk | None = None
    for found in sorted(everything, key=lambda found: _edits(found)[0].start):
        first, last = _touched(_edits(found), starts)
        if hunk and first <= hunk.last:
            hunk.last = max(hunk.last, last)
        else:
            if hunk:
                yield hunk
            hunk = _Hunk(first, last)
        hunk.found.append(found)
    if hunk:
        yield hunk


def _touched(edits: Sequence[Edit], starts: Sequence[int]) -> tuple[int, int]:
    """The first and last line the edits touch. Where a line break goes, the line after it is touched too."""
    end = edits[-1].end
    if edits[-1].before.endswith("\n") and edits[-1].after.endswith("\n"):
        end -= 1
    return bisect_right(starts, edits[0].start), bisect_right(starts, end)


def _pieces(text: str, start: int, end: int, edits: Iterable[Edit]) -> list[_Piece]:
    """The stretch of ``text`` in pieces, kept and changed by turns; edits that touch are one piece."""
    pieces: list[_Piece] = []
    for edit in edits:
        if start == edit.start and pieces:
            last = pieces.pop()
            pieces.append(_Piece(last.before + edit.before, last.after + edit.after))
        else:
            kept = text[start : edit.start]
            pieces += [_Piece(kept, kept), _Piece(edit.before, edit.after)]
        start = edit.end
    if start > end and text[start - 1] == "\n":  # the last edit keeps its line break, which the line does not show
        last = pieces.pop()
        pieces.append(_Piece(last.before[:-1], last.after[:-1]))
    kept = text[start:end]
    return [*pieces, _Piece(kept, kept)]


def _plain(hunk: _Hunk) -> Iterator[str]:
    """The lines of a hunk as plain text."""
    before, after = "".join(p.before for p in hunk.pieces), "".join(p.after for p in hunk.pieces)
    yield hunk.heading
    sides = [(" ", before)] if before == after else [("-", before), ("+", after)]
    for sign, side in sides:
        for line in _visible_lines(side).split("\n"):
            yield f"{sign}{line}"
    for mark, reason in hunk.reasons():
        yield f"{mark} {reason}"


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_BREAK.finditer(text))]


def _edits(found: Change | Finding) -> tuple[Edit, ...]:
    return (found.edit,) if isinstance(found, Change) else found.edits


def _place(edit: Edit, starts: Sequence[int]) -> str:
    return _position(edit.start, starts)


def _position(at: int, starts: Sequence[int]) -> str:
    """Line and column, both counted from 1."""
    line = bisect_right(starts, at)
    return f"{line}:{at - starts[line - 1] + 1}"


def _what(edit: Edit) -> str:
    before, after = _quoted(edit.before), _quoted(edit.after)
    return before if edit.before == edit.after else f"{before} → {after}"


def _why(found: Change | Finding) -> str:
    return f"{found.fault.value}, {found.consent.value}, {found.confidence:.2f}: {_visible(found.evidence)}"


def _quoted(text: str) -> str:
    if len(text) > _QUOTED:
        text = f"{text[: _QUOTED // 2]}…{text[-_QUOTED // 2 :]}"
    return f'"{_visible(text)}"'


def _visible(text: str) -> str:
    """The text with what cannot be seen spelt out.

    >>> _visible("a\\u200bb")
    'a<U+200B>b'
    """
    if text.isprintable():  # as nearly everything is
        return text
    return _UNSEEN.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)


def _visible_lines(text: str) -> str:
    return text if text.isprintable() else "\n".join(map(_visible, _LINE_BREAK.split(text)))
