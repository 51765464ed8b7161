"""What of a page can be readings that the replacement put in, and the page without them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from jiaokan.charset import gbk
from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.pinyin import KEPT, InsertedReading, is_first_reading, reads
from jiaokan.lexicon.variants import differs_by_script, simplified_forms, simplify


class Reading(NamedTuple):
    """A reading the replacement can have put in, and the character whose two bytes stand before it."""

    mark: InsertedReading
    char: str


class Bare(NamedTuple):
    """A text without some of its readings, and where in it the characters stand that bore them."""

    text: str
    places: frozenset[int]


def read(text: str, whole: Iterable[InsertedReading]) -> list[Reading]:
    """The readings among ``whole`` marks: those that fit the character before them."""
    return [Reading(mark, char) for mark in whole if (char := _annotated(text, mark))]


def bare(text: str, found: Sequence[Reading]) -> Bare:
    """The text without the readings ``found`` in it.

    >>> from jiaokan.lexicon.pinyin import find_inserted_readings as marks
    >>> bare("新(xīn)能源", read("新(xīn)能源", marks("新(xīn)能源")))
    Bare(text='新能源', places=frozenset({0}))
    """
    pieces, places, length, start = list[str](), list[int](), 0, 0
    for mark, _ in found:
        pieces.append(text[start : mark.start])
        length += len(pieces[-1])
        places.append(length - 1)
        start = mark.end
    return Bare("".join([*pieces, text[start:]]), frozenset(places))


def usual(found: Iterable[Reading]) -> Counter[tuple[str, str]]:
    """How often each character bears its commonest reading on the page; the replacement's table has one for each."""
    counts = Counter((reading.char, reading.mark.reading) for reading in found)
    commonest = {char: (char, syllable) for (char, syllable), _ in reversed(counts.most_common())}
    return Counter({pair: counts[pair] for pair in commonest.values()})


def has_other_form(reading: Reading) -> bool:
    """Whether the character is written otherwise in the other script, if only where it is read so.

    >>> from jiaokan.lexicon.pinyin import find_inserted_readings as marks
    >>> text = "現(xiàn)在，沿著(zhù)新(xīn)路走着(zhù)"
    >>> [has_other_form(reading) for reading in read(text, marks(text))]
    [True, True, False, True]
    """
    char, syllable = reading.char, reading.mark.reading
    return differs_by_script(char) or char in simplified_forms() or not reads(char, syllable)


def is_traditional(reading: Reading) -> bool:
    """Whether the character is written otherwise in simplified text."""
    return simplify(reading.char) != reading.char


def is_usual(char: str, syllable: str) -> bool:
    """Whether the character is most often read so, or never, unless it stands for a traditional one: 着(zhù) was 著.

    >>> is_usual("发", "fā"), is_usual("发", "fà"), is_usual("着", "zhù")
    (True, False, True)
    """
    return is_first_reading(char, syllable) or not reads(char, syllable)


def _annotated(text: str, mark: InsertedReading) -> str:
    """The character whose bytes stand before the mark, if that is a reading of it; otherwise nothing."""
    before = text[mark.start - 1 : mark.start]
    if before.isascii():
        # the trail byte of a character and a letter: 款A(yù)pp
        pair = gbk.encode(text[mark.start - 2 : mark.start - 1]) if before else None
        before = (gbk.decode(pair[1], ord(before)) or "") if pair else ""
    return before if _fits(before, mark.reading) else ""


@lru_cache(maxsize=KEPT)
def _fits(char: str, syllable: str) -> bool:
    """Whether a character, or a traditional one that it can have been, is read so."""
    return is_han(char) and any(reads(one, syllable) for one in (char, *_sources().get(char, "")))


@cache
def _sources() -> defaultdict[str, str]:
    """For each simplified character the traditional ones that it can have been."""
    sources: defaultdict[str, str] = defaultdict(str)
    for char, simplified in simplified_forms().items():
        for one in simplified:
            if one != char:
                sources[one] += char
    return sources
