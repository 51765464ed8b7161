"""UTF-8 with lost bytes: a line taken back to bytes with holes, and the characters that each hole can have held.

Where a decoder has nothing for a byte, the page shows U+FFFD, a question mark or nothing at all: one for each byte, or
one for a pair of them, as decoders differ. Rules of this file: what is shown is taken back to exactly its bytes; a byte
can only have been lost if the decoder has nothing for it, there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import accumulate, groupby, product
from typing import Final, NamedTuple

from jiaokan.faults.transcoding.channels import Decoder
from jiaokan.faults.transcoding.stretches import Group
from jiaokan.lexicon.prices import unigram_score
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


# Characters that are tried in one place, the commonest first, by how many of their bytes are lost; and log10 of the
# share of the rarest.
_MOST: Final = (1, 64, 80)
_RAREST: Final = -6.2
# log10 of a character that cannot be known, and of how seldom a byte is lost without a mark where others have one.
_UNKNOWN: Final = -9.0
_UNMARKED: Final = -3.0
# log10 of a character that was lost in another way than this file knows of.
_NONE_OF_THESE: Final = -7.0
_BLANK: Final = 0x20
_HARD_BLANK: Final = 0xA0
_WHOLE: Final = re.compile(rb"[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ANY_TRAIL: Final = frozenset(TRAILS)
_ANY_LEAD: Final = frozenset(LEADS)


class Candidates(NamedTuple):
    """What can stand next.

    Attributes:
        chars: each of the characters that it can be, the commonest first.
        whole: whether all of its bytes are there.
        at: where the next one begins.
        shares: whether the byte there was lost together with its last one.
        price: log10 of how seldom bytes are lost in this way.
    """

    chars: Sequence[str]
    whole: bool
    at: int
    shares: bool
    price: float = 0.0


class _ByteSlot(NamedTuple):
    """One byte of a character.

    Attributes:
        byte: ``None`` if it is lost.
        at: where the next begins.
        shares: whether the next was lost together with it.
        paired: whether it was lost together with the one before.
        price: log10 of how seldom a byte is lost in this way.
    """

    byte: int | None
    at: int
    shares: bool
    paired: bool = False
    price: float = 0.0


def candidate_characters(shown: HoledLine, at: int, end: int, shares: bool) -> Iterator[Candidates]:
    """What can stand at a byte; always something, U+FFFD if nothing else.

    ``shares``: whether the byte was lost together with the one before it.
    """
    raw = shown.raw
    if at in shown.crowded and not shares:
        until, number = shown.crowded[at]
        yield Candidates(("\ufffd" * number,), False, min(until, end), False, _UNKNOWN * number)
        return
    whole = None if shares else _WHOLE.match(raw, at, end)
    if whole:
        yield Candidates(whole.group().decode("utf-8", "replace"), True, whole.end(), False)
        if raw[at] < 0x80 or not _is_trail(raw, whole.end(), end):
            return
    found = False
    for slots in _slots(shown, at, end, shares):
        if chars := _fitting(shown, slots, end):
            price = sum(slot.price for slot in slots)
            yield Candidates(chars, False, slots[-1].at, slots[-1].shares, price)
            if not found and not slots[-1].shares:
                yield Candidates(("\ufffd",), False, slots[-1].at, False, price + _NONE_OF_THESE)
                found = True
    if not found and not whole:
        yield Candidates(("\ufffd",), False, _behind(raw, at, end), False, _UNKNOWN)


def _is_trail(raw: bytes, at: int, end: int) -> bool:
    return at < end and raw[at] in TRAILS


def _behind(raw: bytes, at: int, end: int) -> int:
    """Where the rest of a character ends that cannot be known."""
    at += 1
    while _is_trail(raw, at, end):
        at += 1
    return at


def _slots(shown: HoledLine, at: int, end: int, shares: bool) -> Iterator[tuple[_ByteSlot, _ByteSlot, _ByteSlot]]:
    """The ways in which a character of three bytes can stand at a place, with one or two of them lost."""
    for first in _ways(shown, at, end, shares, _ANY_LEAD):
        for second in _ways(shown, first.at, end, first.shares, _ANY_TRAIL):
            for third in _ways(shown, second.at, end, second.shares, _ANY_TRAIL):
                if third.shares and not _is_trail(shown.raw, third.at, end):
                    continue
                lost = sum(slot.byte is None for slot in (first, second, third))
                if 0 < lost < 3 or third.byte == _HARD_BLANK or second.byte == _HARD_BLANK:
                    yield first, second, third


def _ways(shown: HoledLine, at: int, end: int, shares: bool, expected: frozenset[int]) -> Iterator[_ByteSlot]:
    """What can have become of the byte at a place: it is there, or it is lost, by itself or with the next of a pair."""
    if shares:
        yield _ByteSlot(None, at, False, paired=True)
        return
    byte = shown.raw[at] if at < end else None
    lost_at, price = None, 0.0
    if byte in expected:
        yield _ByteSlot(byte, at + 1, False)
    elif byte == _BLANK and shown.decoder.single and _HARD_BLANK in expected:
        yield _ByteSlot(_HARD_BLANK, at + 1, False)
    elif byte in (HOLE, QUESTION):
        lost_at = at + 1
    if lost_at is None and at in shown.places:
        lost_at, price = at, 0.0 if shown.drops or byte is None else _UNMARKED
    if lost_at is not None:
        yield _ByteSlot(None, lost_at, False, price=price)
        if not shown.decoder.single:
            yield _ByteSlot(None, lost_at, True, price=price)


def _fitting(shown: HoledLine, slots: tuple[_ByteSlot, _ByteSlot, _ByteSlot], end: int) -> str:
    """The characters that have the bytes which are known, and others that the decoder can have lost."""
    known = (slots[0].byte, slots[1].byte, slots[2].byte)
    if shown.decoder.single:
        return _by_set(known, shown.lost, shown.traditional)
    last = slots[2]
    following = shown.raw[last.at] if last.at < end and not last.shares else None
    return _by_pairs(
        known,
        shown.decoder,
        None if following == HOLE else following,
        shown.traditional,
        paired=slots[0].paired,
        shares=last.shares,
    )


@lru_cache(maxsize=4096)
def _by_set(known: tuple[int | None, ...], lost: frozenset[int], traditional: bool) -> str:
    options = [
        (byte,) if byte is not None else sorted(lost & part) for byte, part in zip(known, _EXPECTED, strict=True)
    ]
    return _commonest(product(*options), _MOST[known.count(None)], traditional)


@lru_cache(maxsize=4096)
def _by_pairs(
    known: tuple[int | None, ...],
    decoder: Decoder,
    following: int | None,
    traditional: bool,
    *,
    paired: bool,
    shares: bool,
) -> str:
    """``following``: the byte behind, ``None`` if nothing is known of it.

    ``paired``: whether the lead byte was lost with the one before; ``shares``: whether the last was lost with the next.
    """

    def fits(spelt: tuple[int, ...]) -> bool:
        lead, second, third = spelt
        if known[0] is None and not paired and lead not in unshown(decoder, second):
            return False
        if known[1] is None and second not in unshown(decoder, third):
            return False
        if known[2] is not None:
            return True
        if shares:
            return third in _before_leads(decoder)
        if known[1] is None and following is not None and following >= 0x80:
            return True  # lost as a pair, or one by one
        return following is None or third in unshown(decoder, following)

    options = (_options(byte, part) for byte, part in zip(known, _EXPECTED, strict=True))
    return _commonest(filter(fits, product(*options)), _MOST[known.count(None)], traditional)


@cache
def _before_leads(decoder: Decoder) -> frozenset[int]:
    """The bytes that a decoder of pairs has nothing for before some lead byte of UTF-8."""
    return frozenset[int]().union(*(unshown(decoder, lead) for lead in LEADS))


def _options(byte: int | None, part: frozenset[int]) -> list[int]:
    return [byte] if byte is not None else sorted(part)


def _commonest(spelt: Iterable[tuple[int, ...]], most: int, traditional: bool) -> str:
    """The commonest of characters of Chinese, in one script."""
    found = ((_price(raw), raw.decode("utf-8", "replace")) for raw in map(bytes, spelt))
    other = only_simplified() if traditional else only_traditional()
    best = sorted((each for each in found if each[0] > _RAREST and each[1] not in other), reverse=True)
    return "".join(char for _, char in best[:most])


@lru_cache(maxsize=1 << 16)
def _price(raw: bytes) -> float:
    """log10 of the share of a character, as far as it is one of Chinese."""
    try:
        return unigram_score(raw.decode())
    except UnicodeDecodeError:
        return float("-inf")


_EXPECTED: Final = (_ANY_LEAD, _ANY_TRAIL, _ANY_TRAIL)
