"""What bytes spell, where some of them are lost or some of their characters were stripped from the page.

Where the bytes leave a choice, only characters that running text uses are offered.
"""

from __future__ import annotations

from functools import cache, lru_cache
from heapq import nlargest
from typing import Final

from jiaokan.charset import gbk
from jiaokan.charset.stream import LOST
from jiaokan.lexicon.context import RARE_HAN
from jiaokan.lexicon.hanzi import MARK_CLASS
from jiaokan.lexicon.pinyin import reads
from jiaokan.lexicon.plausibility import word_price
from jiaokan.lexicon.variants import simplify

# Characters that are considered where a private-use one was stripped behind a lead byte that is not known.
MOST_BEFORE_STRIPPED: Final = 30

# Where this many lead bytes are possible, only this many of the commonest characters are considered.
LIMITED_FROM: Final = 32
MOST_OF_MANY: Final = 24

_MARKS: Final = frozenset(MARK_CLASS)

Leads = tuple[int, ...]
ANY_LEAD: Final[Leads] = tuple(gbk.LEADS)


@lru_cache(maxsize=1 << 16)
def spell(
    leads: Leads, raw: tuple[int | None, ...], reading: str = ""
) -> tuple[tuple[str, Leads, tuple[int, ...]], ...]:
    """What bytes spell after a waiting lead byte: the text, the lead bytes that wait then, the bytes made certain.

    ``reading`` is what stands behind them.

    >>> spell((0xB5,), (0xD8, 0xC9))  # 地, and C9 waits
    (('地', (201,), (181, 216)),)
    """
    if not raw:
        return (("", leads, ()),)
    byte, rest = raw[0], raw[1:]
    if leads:
        return tuple(
            (char + text, after, pair + stream)
            for char, pair in _characters(leads, byte, "" if rest else reading)
            for text, after, stream in spell((), rest)
        )
    if byte is LOST:
        return ()
    if byte <= 0x80:
        return tuple((_single(byte) + text, after, (byte, *stream)) for text, after, stream in spell((), rest))
    return spell((byte,), rest) if byte in gbk.LEADS else ()


def _single(byte: int) -> str:
    return "€" if byte == 0x80 else chr(byte)


@lru_cache(maxsize=8192)
def _characters(leads: Leads, byte: int | None, reading: str = "") -> tuple[tuple[str, tuple[int, int]], ...]:
    """The characters of the pairs that these lead bytes make with this trail byte, or with any.

    Of many the commonest, and those that have the ``reading``.
    """
    trails = gbk.TRAILS if byte is LOST else (byte,)
    free = len(leads) * len(trails) > 1
    found = []
    for lead in leads:
        for trail in trails:
            char = gbk.decode(lead, trail)
            if char and not is_private(char) and (not free or is_current(char)):
                found.append((char, (lead, trail)))
    if len(leads) < LIMITED_FROM:
        return tuple(found)
    fitting = [spelled for spelled in found if reading and reads(spelled[0], reading)]
    return tuple(dict.fromkeys((*nlargest(MOST_OF_MANY, found, key=_commonness), *fitting)))


def _commonness(spelled: tuple[str, tuple[int, int]]) -> float:
    return 0.0 if spelled[0] in _MARKS else word_price(simplify(spelled[0])) or RARE_HAN


@lru_cache(maxsize=8192)
def is_current(char: str) -> bool:
    """Whether running text uses a character."""
    return char in _MARKS or word_price(simplify(char)) is not None


def is_private(char: str) -> bool:
    """Whether a code point is for private use: those of the user-defined rows, and of what GBK leaves unassigned.

    >>> is_private(gbk.decode(0xAA, 0xA1)), is_private(gbk.decode(0xA7, 0xCE)), is_private("的")
    (True, True, False)
    """
    return "\ue000" <= char <= "\uf8ff"


@cache
def _private() -> dict[int, tuple[int, ...]]:
    """The lead bytes of private-use pairs, each with those of its trail bytes that can be lead bytes themselves."""
    found = {
        first: tuple(second for second in gbk.LEADS if is_private(gbk.decode(first, second) or ""))
        for first in gbk.LEADS
    }
    return {first: seconds for first, seconds in found.items() if seconds}


@lru_cache(maxsize=512)
def stripped(leads: Leads) -> tuple[tuple[str, Leads], ...]:
    """What can have stood before a user-defined pair: the character that ends in its first byte, and its second byte.

    The pair is the trail byte of one character and the lead byte of the next, which waits then; which of several it
    is stays open.
    """
    likely = (
        (word_price(simplify(char)) or RARE_HAN, char, seconds)
        for first, seconds in _private().items()
        for char, _ in _characters(leads, first)
    )
    return tuple((char, seconds) for _, char, seconds in nlargest(MOST_BEFORE_STRIPPED, likely))
