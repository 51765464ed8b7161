"""The byte-blind replacement, run forwards: clean simplified text in, the page a reader gets out, with the truth.

This is the model that accuracy is measured against; it knows nothing of ``jiaokan``. Text becomes traditional (on some
sites it stays simplified), then GBK bytes, and every byte keeps the number of the character it came from. Then the
site's replacements run over the bytes, the bytes are decoded, and the page is presented. Rules of this file:

* Every line is damaged for itself, as a paragraph of a page has its own element.
* A *cell* is what the decoder makes of one or two bytes. Where a cell border is a character border of the original
  too, page and original are in step; what lies between two such places and is not one untouched character is a *spot*.
* The truth is the clean text with the page's folding: what was never in the bytes is not asked back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Literal

from bench.forward.scripts import simplify, traditional

Decoder = Literal["swallow", "replace", "drop"]
Folding = Literal["none", "width", "nfkc"]

MARKS: Final = "，。、！？；："
SIMPLIFIED: Final = "simplified"  # the script of a site that converts nothing before it replaces
_FIRST_TRAIL: Final = 0x40
_NOT_TRAILS: Final = (0x7F, 0xFF)
_EURO: Final = 0x80
_CONTROLS: Final = range(0x05, 0x09)
_TAG: Final = b"</p>"  # what follows the line


class Kind(IntEnum):
    """Why bytes were inserted. Negative, so that it can stand where the number of a character would."""

    ALIGNED = -1  # the hit is one character: 現(xiàn)
    STRADDLING = -2  # trail byte and lead byte of two characters: 當?shù)厣
    ACROSS_ASCII = -3  # trail byte and an ASCII letter: 款A(yù)pp
    MARK = -4  # control characters before a punctuation mark
    MARK_STRADDLING = -5  # control characters between the two bytes of a character


@dataclass(frozen=True, slots=True)
class Site:
    """How one site damages and presents its pages.

    Attributes:
        entries: the replacements, (character, reading), in the order in which they run.
        script: how the site makes traditional text, see ``scripts.traditional``; ``simplified`` where it makes none.
        decoder: what becomes of an undecodable byte: ``swallow`` makes one ``?`` of it and a following byte below
            0x40; ``replace`` makes U+FFFD of it alone; ``drop`` makes nothing of it.
        controls: the control characters put before each mark; empty where the second rule does not run.
        blank: a run of control characters shows as one blank, not as nothing.
        private: private-use characters are kept.
        folding: ``width`` folds the fullwidth block to ASCII; ``nfkc`` normalizes everything.
        converted: the page was made simplified afterwards, character by character.
        tagged: the next byte after a line is the ``<`` of a tag, and not the end of everything. The tag is no part of
            the page, unless a lost byte swallowed its first character.
        fullwidth: the parentheses of readings were made fullwidth after decoding.
        runs: how often the replacements ran.
    """

    entries: tuple[tuple[str, str], ...]
    script: str = "site"
    decoder: Decoder = "swallow"
    controls: dict[str, str] = field(default_factory=dict)
    blank: bool = False
    private: bool = False
    folding: Folding = "width"
    converted: bool = False
    tagged: bool = False
    fullwidth: bool = False
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """A damaged place: ``page[start:end]`` stands where ``clean[clean_start:clean_end]`` should."""

    kinds: frozenset[Kind]
    hits: int
    start: int
    end: int
    clean_start: int
    clean_end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page, what it should be, and where it is not. ``at[i]`` is the place of page position i in ``clean``, or -1."""

    text: str
    clean: str
    spots: tuple[Spot, ...]
    at: tuple[int, ...]
    site: Site


@dataclass(slots=True)
class _Stream:
    raw: bytes
    owners: list[int]


@dataclass(slots=True)
class _Cell:
    text: str
    start: int
    end: int


def damage(clean: str, site: Site) -> Page:
    """The page that ``site`` makes of ``clean`` (simplified text, every character in GBK in either script)."""
    lines = [_line(line, site) for line in clean.split("\n")]
    text, truth = "", ""
    spots: list[Spot] = []
    at: list[int] = []
    for number, segments in enumerate(lines):
        if number:
            at.append(len(truth))
            text, truth = text + "\n", truth + "\n"
        for page, cleaned, kinds, hits in segments:
            ends = len(text) + len(page), len(truth) + len(cleaned)
            if kinds:
                spots.append(Spot(kinds, hits, len(text), ends[0], len(truth), ends[1]))
            at += [len(truth), *[-1] * (len(page) - 1)][: len(page)]
            text, truth = text + page, truth + cleaned
    shown = tuple(s for s in spots if text[s.start : s.end] != truth[s.clean_start : s.clean_end])
    return Page(text, truth, shown, (*at, len(truth)), site)


_Segment = tuple[str, str, frozenset[Kind], int]


def _line(clean: str, site: Site) -> list[_Segment]:
    fold = _folder(site.folding)
    truth = [fold(char) for char in clean]
    stream = _encode(clean if site.script == SIMPLIFIED else traditional(clean, site.script))
    for _ in range(site.runs):
        for char, reading in site.entries:
            _annotate(stream, char, reading)
    for mark, controls in site.controls.items():
        _control(stream, mark, controls)
    if site.tagged:
        stream = _Stream(stream.raw + _TAG, [*stream.owners, *range(len(truth), len(truth) + len(_TAG))])
        truth += _TAG.decode()
    cells = _present(_without_tag(list(_decode(stream.raw, site.decoder)), stream, len(clean)), stream, site, fold)
    return list(_joined(_segments(cells, stream, truth)))


def _encode(text: str) -> _Stream:
    raw, owners = bytearray(), list[int]()
    for number, char in enumerate(text):
        pair = char.encode("gb18030")
        if len(pair) > 2 or pair == b"\x80":
            raise ValueError(f"{char!r} is not in GBK")
        raw += pair
        owners += [number] * len(pair)
    return _Stream(bytes(raw), owners)


def _annotate(stream: _Stream, char: str, reading: str) -> None:
    """Put ``(reading)`` behind every occurrence of the bytes of ``char``, whatever they are part of."""
    needle, payload = char.encode("gb18030"), f"({reading})".encode("gb18030")
    for at in reversed(list(_hits(stream.raw, needle))):
        first, second = stream.owners[at : at + 2]
        kind = Kind.ALIGNED if first == second else Kind.ACROSS_ASCII if needle[1] < 0x80 else Kind.STRADDLING
        _insert(stream, at + 2, payload, kind)


def _control(stream: _Stream, mark: str, controls: str) -> None:
    """Put control characters before every occurrence of the bytes of ``mark``."""
    for at in reversed(list(_hits(stream.raw, mark.encode("gb18030")))):
        first, second = stream.owners[at : at + 2]
        kind = Kind.MARK if first == second else Kind.MARK_STRADDLING
        _insert(stream, at, controls.encode("ascii"), kind)


def _hits(raw: bytes, needle: bytes) -> Iterator[int]:
    at = raw.find(needle)
    while at >= 0:
        yield at
        at = raw.find(needle, at + len(needle))


def _insert(stream: _Stream, at: int, payload: bytes, kind: Kind) -> None:
    stream.raw = stream.raw[:at] + payload + stream.raw[at:]
    stream.owners[at:at] = [kind] * len(payload)


def _decode(raw: bytes, decoder: Decoder) -> Iterator[_Cell]:
    """The cells of ``raw``, which together cover every byte."""
    at = 0
    while at < len(raw):
        lead, trail = raw[at], raw[at + 1] if at + 1 < len(raw) else None
        if lead <= _EURO:
            cell = _Cell("€" if lead == _EURO else chr(lead), at, at + 1)
        elif trail is not None and trail >= _FIRST_TRAIL and trail not in _NOT_TRAILS and lead != 0xFF:
            cell = _Cell(raw[at : at + 2].decode("gb18030"), at, at + 2)
        elif decoder == "swallow":
            cell = _Cell("?", at, at + 1 + (trail is not None and trail < _FIRST_TRAIL))
        else:
            cell = _Cell("\ufffd" if decoder == "replace" else "", at, at + 1)
        yield cell
        at = cell.end


def _without_tag(cells: list[_Cell], stream: _Stream, end: int) -> list[_Cell]:
    """The cells without the tag behind the ``end`` characters of the line, if its ``<`` was not swallowed."""
    tag = next((n for n, cell in enumerate(cells) if stream.owners[cell.start] == end), len(cells))
    return cells[:tag]


def _present(cells: list[_Cell], stream: _Stream, site: Site, fold: Callable[[str], str]) -> list[_Cell]:
    blanks = {chr(control): " " if site.blank else "" for control in _CONTROLS}
    for before, cell in zip([None, *cells], cells, strict=False):
        text = cell.text
        if text in blanks:
            text = blanks[text]
            if text and before and before.text == text and stream.owners[before.start] < 0:
                cell.text, before.text = text, ""
                continue
        if len(text) == 1 and unicodedata.category(text) == "Co" and not site.private:
            text = ""
        text = fold(text)
        if site.fullwidth and text in ("(", ")") and stream.owners[cell.start] < 0:
            text = "（" if text == "(" else "）"
        cell.text = simplify(text) if site.converted else text
    return cells


def _folder(folding: Folding) -> Callable[[str], str]:
    if folding == "none":
        return str
    if folding == "nfkc":
        return lambda text: unicodedata.normalize("NFKC", text)
    return lambda text: chr(ord(text) - 0xFEE0) if len(text) == 1 and "！" <= text <= "～" else text


def _segments(cells: Sequence[_Cell], stream: _Stream, truth: Sequence[str]) -> Iterator[_Segment]:
    """Stretches from one place in step to the next; those that are not one whole character have kinds."""
    borders = _borders(stream.owners)
    text, start = "", 0
    for cell in cells:
        text += cell.text
        if cell.end not in borders:
            continue
        owners = stream.owners[start : cell.end]
        kinds = frozenset(Kind(owner) for owner in owners if owner < 0)
        hits = sum(owner < 0 and (not n or owners[n - 1] != owner) for n, owner in enumerate(owners))
        yield text, "".join(truth[borders[start] : borders[cell.end]]), kinds, hits
        text, start = "", cell.end


def _borders(owners: Sequence[int]) -> dict[int, int]:
    """The byte offsets between characters, each with the number of characters before it."""
    before = 0
    borders = {}
    following = [*owners, max([-1, *owners]) + 1]
    for at in range(len(owners) - 1, -1, -1):
        following[at] = owners[at] if owners[at] >= 0 else following[at + 1]
    for at, after in enumerate(following):
        if at and owners[at - 1] >= 0:
            before = owners[at - 1] + 1
        if after == before:
            borders[at] = before
    return borders


def _joined(segments: Iterator[_Segment]) -> Iterator[_Segment]:
    """The segments, with neighbours that are nothing but insertions of one kind made one."""
    waiting: _Segment | None = None
    for segment in segments:
        page, clean, kinds, _ = segment
        if waiting and not clean and not waiting[1] and kinds == waiting[2]:
            waiting = waiting[0] + page, "", kinds, waiting[3]
            continue
        if waiting:
            yield waiting
        waiting = segment
    if waiting:
        yield waiting
