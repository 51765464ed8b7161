"""What only people do with readings: how many of a text's readings a person must have written.

People annotate whole words (重庆(Chóngqìng)), every character of a phrase, one character with two readings, rare
characters, and they talk about readings.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from jiaokan.faults.annotation.readings import Reading, is_usual, usual
from jiaokan.lexicon.hanzi import HAN_CLASS, count_han, is_han
from jiaokan.lexicon.pinyin import LETTER_CLASS, InsertedReading, has_tone, reads
from jiaokan.lexicon.plausibility import char_price
from jiaokan.lexicon.variants import simplify

# A page is a lesson when its readings that only people write are more than one in this many.
LESSON_SHARE: Final = 5
# A clause with at least so many readings on at least this share of its characters is taught, not damaged.
# The fullest clause of the seeds with four readings has them on half of its characters.
TAUGHT_READINGS: Final = 4
TAUGHT_SHARE: Final = 0.8
# The replacement's table holds common characters: the rarest of the 80 on the seeds (礎) has a share of -4.1 (log10)
# in running text. People explain rare ones.
RARE_CHARACTER: Final = -5.0
# A page on phonetics speaks of readings in every second sentence, and was damaged like any other. It shows when so
# many characters bear their readings at two places or more and stand nowhere without. The page met has 11; who
# explains readings gives examples, once each, or the same character with two.
SYSTEMATIC: Final = 5

_LATIN_BEHIND_HAN: Final = re.compile(rf"[(（](?<=[{HAN_CLASS}”」』》].)([A-Z{LETTER_CLASS}'’· ,，、/-]+)[)）]")
_ABOUT_READINGS: Final = re.compile(
    # one class first, so that ``re`` skips what cannot begin a match
    "[拼讀读發发注念多声聲](?:(?<=[拼讀读發发注])音|(?<=[讀读念])[作错錯]|(?<=多)音字|(?<=[声聲])[調调])"
)
_CLAUSE_END: Final = re.compile("[，。！？；：、,.!?;:\n]")
_SENTENCE_END: Final = re.compile("[。！？!?\n]")
_PARENTHESES: Final = re.compile("[(（][^()（）]*[)）]")


def is_teaching_text(
    text: str,
    whole: Sequence[InsertedReading],
    found: Sequence[Reading],
    rare: float = RARE_CHARACTER,
    cut_open: bool = False,
) -> bool:
    """Whether people put the readings ``found`` into the text, of all its ``whole`` marks.

    Characters whose share in running text (log10) is ``rare`` or less are not of the replacement's table. Which of
    its readings a character has in the table nobody knows, so a seldom one tells nothing in a text ``cut_open``.

    >>> from jiaokan.faults.annotation.readings import read
    >>> from jiaokan.lexicon.pinyin import find_inserted_readings as marks
    >>> def taught(text): return is_teaching_text(text, marks(text), read(text, marks(text)))
    >>> taught("單(shàn)縣、樂(yuè)清，容易讀錯"), taught("現(xiàn)代金融社會")
    (True, False)
    """
    habits = _strange(found, rare, cut_open), _second(found), _taught(text, found)
    return (_not_found(text, whole, found) + max(habits)) * LESSON_SHARE > len(found)


def speaks_of_readings(text: str) -> bool:
    """Whether the text talks about how characters are read."""
    return _ABOUT_READINGS.search(text) is not None


def recurring(text: str, found: Sequence[Reading]) -> int:
    """How many characters bear their readings at two places at least, and stand nowhere in the text without."""
    counts = Counter(reading.char for reading in found)
    return sum(1 for char, number in counts.items() if number > 1 and number == text.count(char))


def _not_found(text: str, whole: Sequence[InsertedReading], found: Sequence[Reading]) -> int:
    """How many more readings a person wrote than those ``found``."""
    ours = {reading.mark.start for reading in found}
    single = {mark.start for mark in whole}
    others = (m for m in _LATIN_BEHIND_HAN.finditer(text) if m.start() not in ours)
    return sum(_is_by_hand(text, m, m.start() in single) for m in others)


def _is_by_hand(text: str, latin: re.Match[str], single: bool) -> bool:
    """Whether Latin letters behind a Han character are pinyin a person put there, not a foreign word or damage.

    A ``single`` syllable that is no reading of the character before it is damage that could not be repaired: there the
    text was cut open.
    """
    before = text[latin.start() - 1]
    if single and is_han(before):
        return reads(before, latin[1].strip())
    return has_tone(latin[1])


def _strange(found: Sequence[Reading], rare: float, cut_open: bool) -> int:
    """How many readings are of characters too rare for the table, or seldom read so on a simplified page."""
    counts = Counter((reading.char, reading.mark.reading) for reading in found)
    return sum(
        number
        for (char, syllable), number in counts.items()
        if _is_rare(char, rare) or (not cut_open and _is_odd(char, syllable))
    )


def _is_rare(char: str, rare: float) -> bool:
    price = char_price(simplify(char))
    return price is None or price <= rare


def _is_odd(char: str, syllable: str) -> bool:
    return simplify(char) == char and not is_usual(char, syllable)


def _second(found: Sequence[Reading]) -> int:
    """How many readings are not the usual one of their character on this page."""
    return len(found) - usual(found).total()


def _taught(text: str, found: Sequence[Reading]) -> int:
    """How many of the readings stand in clauses that annotate nearly everything or in sentences about readings."""
    crowded = {
        start
        for clause, here in _grouped(_CLAUSE_END, text, found)
        if len(here) >= TAUGHT_READINGS and len(here) >= TAUGHT_SHARE * count_han(_words_with_readings(clause))
        for start in here
    }
    if recurring(text, found) >= SYSTEMATIC:
        return len(crowded)
    sentences = _grouped(_SENTENCE_END, text, found)
    about = (here for sentence, here in sentences if speaks_of_readings(_words_with_readings(sentence)))
    return len(crowded.union(*about))


def _grouped(end: re.Pattern[str], text: str, found: Sequence[Reading]) -> Iterator[tuple[str, list[int]]]:
    """Each stretch of the text with readings, from one end to the next, and where its readings are."""
    ends = [-1, *(m.start() for m in end.finditer(text)), len(text)]
    starts = (reading.mark.start for reading in found)
    for number, here in groupby(starts, key=lambda start: bisect_left(ends, start)):
        yield text[ends[number - 1] + 1 : ends[number]], list(here)


def _words_with_readings(text: str) -> str:
    """The text without what is in parentheses."""
    return _PARENTHESES.sub("", text)
