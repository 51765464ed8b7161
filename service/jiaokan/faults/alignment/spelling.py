"""What bytes spell, where some of them are lost or some of their characters were stripped from the page.

Where the bytes leave a choice, only characters that running text uses are offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from heapq import nlargest
from typing import Final

from jiaokan.charset import gbk
from jiaokan.charset.stream import LOST
from jiaokan.lexicon.hanzi import MARK_CLASS
from jiaokan.lexicon.variants import simplify
from jiaokan.lexicon.words import RARE_HAN, word_price

# Stripped pairs that are considered at one place.
MOST_STRIPPED: Final = 24

_MARKS: Final = frozenset(MARK_CLASS)

# The lead bytes of the user-defined rows, with those of their trail bytes that can be lead bytes themselves.
_PRIVATE: Final = (
    *((lead, tuple(range(0xA1, 0xFF))) for lead in (*range(0xAA, 0xB0), *range(0xF8, 0xFF))),
    *((lead, tuple(range(0x81, 0xA1))) for lead in range(0xA1, 0xA8)),
)


def spell(leads: Sequence[int], raw: tuple[int | None, ...]) -> Iterator[tuple[str, Sequence[int], tuple[int, ...]]]:
    """What bytes spell after a waiting lead byte: the text, the lead bytes that wait then, the bytes made certain."""
    if not raw:
        yield "", leads, ()
        return
    byte, rest = raw[0], raw[1:]
    if leads:
        for char, pair in _characters(tuple(leads), byte):
            for text, after, stream in spell((), rest):
                yield char + text, after, pair + stream
    elif byte is not LOST and byte <= 0x80:
        for text, after, stream in spell((), rest):
            yield _single(byte) + text, after, (byte, *stream)
    elif byte is not LOST and byte in gbk.LEADS:
        yield from spell((byte,), rest)


def _single(byte: int) -> str:
    return "€" if byte == 0x80 else chr(byte)


@cache
def _characters(leads: tuple[int, ...], byte: int | None) -> tuple[tuple[str, tuple[int, int]], ...]:
    """The characters of the pairs that these lead bytes make with this trail byte, or with any.

    Where there is a choice only characters that running text uses are offered.
    """
    trails = gbk.TRAILS if byte is LOST else (byte,)
    free = len(leads) * len(trails) > 1
    found = []
    for lead in leads:
        for trail in trails:
            char = gbk.decode(lead, trail)
            if char and not "\ue000" <= char <= "\uf8ff" and (not free or _is_current(char)):
                found.append((char, (lead, trail)))
    return tuple(found)


def _is_current(char: str) -> bool:
    return char in _MARKS or word_price(simplify(char)) is not None


@lru_cache(maxsize=4096)
def stripped(lead: int, trail: int) -> tuple[tuple[int, int], ...]:
    """The user-defined pairs that can have stood between a waiting lead byte and a trail byte, likeliest first.

    A pair is as likely as the two characters it makes with its neighbours.
    """
    likely = (
        (_pair_price(before, after), (first, second))
        for first, seconds in _PRIVATE
        for before, _ in _characters((lead,), first)
        for after, (second, _) in _characters(seconds, trail)
    )
    return tuple(pair for _, pair in nlargest(MOST_STRIPPED, likely))


def _pair_price(before: str, after: str) -> float:
    """log10 of the frequency of two characters, as a word or as two."""
    apart = (word_price(simplify(before)) or RARE_HAN) + (word_price(simplify(after)) or RARE_HAN)
    return max(apart, word_price(simplify(before + after)) or apart)
