"""A line as bytes with holes: what a decoder showed of UTF-8, and what it could not show.

Where a decoder has nothing for a byte, the page shows U+FFFD, a question mark or nothing at all: one for each byte, or
one for a pair of them, as decoders differ. Rules of this file: what is shown is taken back to exactly its bytes; a byte
can only have been lost if the decoder has nothing for it, there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from jiaokan.faults.transcoding.channels import Decoder
from jiaokan.faults.transcoding.stretches import Group
from jiaokan.lexicon.variants import only_simplified, simplified_forms
from jiaokan.memo import Memo

# Bytes that UTF-8 never has stand for U+FFFD, and for what the decoder cannot have shown.
HOLE: Final = 0xFE
OTHER: Final = 0xFF
QUESTION: Final = ord("?")
LEADS: Final = range(0xE2, 0xF0)
TRAILS: Final = range(0x80, 0xC0)
# What pages lose although every charset has it: the soft hyphen.
_SOFT_HYPHEN: Final = 0xAD
_CONTROLS: Final = frozenset(range(0x80, 0xA0))

_WHOLE_FORM: Final = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
# With one byte lost; a blank may have been U+00A0.
_HALF: Final = rb"[\xe2-\xef](?:[\x80-\xbf][\xfe? ]?|[\xfe? ][\x80-\xbf])"
_REST: Final = rb"[\xe2-\xef][\xfe?]{0,2}|[\xfe?]?[\x80-\xbf]{1,2}"
_CHARACTERS: Final = re.compile(
    rb"(?P<whole>" + _WHOLE_FORM + rb")|(?P<half>" + _HALF + rb")|(?P<rest>" + _REST + rb")|[\x00-\xff]"
)
_INCOMPLETE: Final = ("half", "rest")
# More characters in a row than these that lack bytes cannot be known.
MOST_TOGETHER: Final = 3
_MARKED: Final = re.compile(rb"[\xe2-\xef][\x80-\xbf]?\?")
_HIGH: Final = re.compile(rb"[\x80-\xfd]")


class HoledLine(NamedTuple):
    """A line as the bytes that it was read from.

    Attributes:
        raw: the bytes; ``HOLE`` for U+FFFD, ``OTHER`` for a character that the decoder does not have.
        places: the character that begins at a byte.
        decoder: the charset that the bytes were read in.
        drops: whether bytes can have been lost without a mark: the line has none.
        lost: in a decoder of single bytes, those that it can have lost.
        crowded: where too many characters in a row lack bytes: where that ends, and how many they are.
        traditional: whether its whole characters are traditional.
    """

    raw: bytes
    places: dict[int, int]
    decoder: Decoder
    drops: bool
    lost: frozenset[int]
    crowded: dict[int, tuple[int, int]]
    traditional: bool


def to_holed_line(line: str, decoder: Decoder) -> HoledLine:
    """The line taken back to bytes as far as the decoder goes.

    >>> from jiaokan.faults.transcoding.channels import DECODERS
    >>> to_holed_line("娴嬭\\ufffd", DECODERS["GBK"]).raw.hex(" ")
    'e6 b5 8b e8 fe'
    """
    table = _table(decoder)
    shown = [table[char] for char in line]
    raw = b"".join(shown)
    starts = range(len(line) + 1) if decoder.single else accumulate(map(len, shown), initial=0)
    places = dict(zip(starts, range(len(line) + 1), strict=True))
    drops = HOLE not in raw and not _MARKED.search(raw)
    lost = _lost(decoder) if decoder.single else frozenset[int]()
    if lost & _CONTROLS & set(raw):  # they are shown, as controls
        lost -= _CONTROLS
    lost -= set(raw)
    return HoledLine(raw, places, decoder, drops, lost, _crowded(raw), _is_traditional(raw))


def _is_traditional(raw: bytes) -> bool:
    text = raw.decode("utf-8", "ignore")
    return sum(map(only_traditional().__contains__, text)) > sum(map(only_simplified().__contains__, text))


@cache
def only_traditional() -> frozenset[str]:
    """The characters that simplified text does not have."""
    return frozenset(char for char, simplified in simplified_forms().items() if char not in simplified)


def _crowded(raw: bytes) -> dict[int, tuple[int, int]]:
    found = {}
    for is_part, run in groupby(_CHARACTERS.finditer(raw), lambda match: match.lastgroup in _INCOMPLETE):
        matches = list(run) if is_part else []
        if len(matches) > MOST_TOGETHER:
            start, end = matches[0].start(), matches[-1].end()
            found[start] = end, max(MOST_TOGETHER, sum(byte in LEADS for byte in raw[start:end]))
    return found


def share(line: str, decoder: Decoder) -> float:
    """How many of the bytes beyond ASCII are characters of UTF-8, whole (these count fully) or with a byte lost."""
    raw = b"".join(map(_table(decoder).__getitem__, line))
    whole = half = 0
    for match in _CHARACTERS.finditer(raw):
        if match.lastgroup == "whole":
            whole += match.end() - match.start()
        elif match.lastgroup == "half":
            half += 2
    return (whole + half * 0.75) / max(1, len(_HIGH.findall(raw)))


def groups(line: str, shown: HoledLine) -> Iterator[Group]:
    """The groups of a line (``stretches``), with U+FFFD for a character that lost bytes and two for the rest of one."""
    begun = 0
    undone: str | None = ""
    for match in _CHARACTERS.finditer(shown.raw):
        char = _character(match)
        undone = undone + char if char is not None and undone is not None else None
        if match.end() in shown.places:
            start, end = shown.places[begun], shown.places[match.end()]
            if undone is None:
                yield from (Group(at, at + 1, None) for at in range(start, end))
            else:
                yield Group(start, end, undone)
            begun, undone = match.end(), ""


def _character(match: re.Match[bytes]) -> str | None:
    kind, raw = match.lastgroup, match.group()
    if kind == "half" or raw[0] == HOLE:
        return "\ufffd"
    if kind == "rest":
        return "\ufffd\ufffd"
    return raw.decode("utf-8", "replace") if kind == "whole" or raw[0] < 0x80 else None


@lru_cache(maxsize=512)
def unshown(decoder: Decoder, following: int) -> frozenset[int]:
    """The bytes, opening or going on in UTF-8, that a decoder of pairs has nothing for before ``following``.

    >>> from jiaokan.faults.transcoding.channels import DECODERS
    >>> 0xAA in unshown(DECODERS["GBK"], 0xE5), 0xB8 in unshown(DECODERS["GBK"], 0xE5)
    (True, False)
    """
    return frozenset(byte for byte in (*TRAILS, *LEADS) if not _is_shown(decoder, bytes((byte, following))))


def _is_shown(decoder: Decoder, pair: bytes) -> bool:
    codec = _STRICTER.get(decoder.codec, decoder.codec)
    try:
        return len(pair.decode(codec)) == 1
    except UnicodeDecodeError:
        return False


# GB18030 shows private-use characters for the pairs that GBK has nothing for; pages lose these too.
_STRICTER: Final = {"gb18030": "gbk", "big5hkscs": "big5"}


@cache
def _lost(decoder: Decoder) -> frozenset[int]:
    """What a decoder of single bytes can lose: what it has nothing for, and soft hyphens."""
    nothing = {byte for byte in range(0x80, 0x100) if decoder.chars[byte] in (chr(byte), "\ufffe")} & _CONTROLS
    missing = {byte for byte in range(0xA0, 0x100) if decoder.chars[byte] == "\ufffe"}
    hyphen = {byte for byte in (_SOFT_HYPHEN,) if decoder.chars[byte] == "\xad"}
    return frozenset(nothing | missing | hyphen)


@cache
def _table(decoder: Decoder) -> Memo[str, bytes]:
    """The bytes of each character that was asked for."""
    return Memo(partial(_bytes_of, decoder), most=20_000)


def _bytes_of(decoder: Decoder, char: str) -> bytes:
    if char == "\ufffd":
        return bytes((HOLE,))
    raw = decoder.back(char)
    return bytes((OTHER,)) if raw is None or len(raw) > 2 or HOLE in raw or OTHER in raw else raw
