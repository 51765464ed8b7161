"""What can stand next in UTF-8 with holes: a character that is whole, or all that have the bytes which are left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Final, NamedTuple

from jiaokan.faults.transcoding.channels import Decoder
from jiaokan.faults.transcoding.holes import (
    HOLE,
    LEADS,
    QUESTION,
    TRAILS,
    HoledLine,
    only_traditional,
    unshown,
)
from jiaokan.lexicon.glance import unigram_score
from jiaokan.lexicon.variants import only_simplified

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
