"""Readings put behind characters by the byte-blind replacement, taken out again: ``現(xiàn)代`` is ``現代``.

The replacement put the reading of a character behind its two bytes wherever they stood, so the bytes before the
parenthesis spell a character with that reading. Its table holds only characters that look different in the other
script, and a page annotates such a character always or never.

People annotate too, and theirs must stay. They annotate characters that have no other form (你(nǐ)), whole words
(重庆(Chóngqìng)), every character of a phrase, or a character once and not again. What a page does everywhere decides
about each place on it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from jiaokan.charset import gbk
from jiaokan.edits import Edit
from jiaokan.lexicon.hanzi import HAN_CLASS, is_han
from jiaokan.lexicon.pinyin import LETTER_CLASS, Mark, has_tone, is_first_reading, marks, reads
from jiaokan.lexicon.variants import has_twin, simplify
from jiaokan.lexicon.words import word_price
from jiaokan.report import Consent, Fault, Finding

# A page is a lesson when its readings that only people write are more than one in this many.
LESSON_SHARE: Final = 5
# A clause with at least so many readings on at least this share of its characters is taught, not damaged.
# The fullest clause of the seeds with four readings has them on half of its characters.
TAUGHT_READINGS: Final = 4
TAUGHT_SHARE: Final = 0.8
# The replacement's table holds common characters: the rarest of the 80 on the seeds (礎) has a price of -5.5 in
# ``lexicon.words``. People explain rare ones.
RARE: Final = -6.3
# A character is annotated regularly when at least this share of its occurrences is, and a page when this share of its
# readings stands behind such characters. On the five seeds, once realigned, both are 1.0.
REGULAR_SHARE: Final = 2 / 3
# The seeds have 31 to 81 readings for 1000 characters; sites that use fewer characters of the table have fewer, an
# estimated five. A text of some length with less than two was annotated by hand.
LONG_TEXT: Final = 200
SPARSE: Final = 0.002
# On a page in simplified characters, where people annotate too, so many different characters must agree.
ENOUGH_IF_SIMPLIFIED: Final = 3
# From so many different characters on the finding is certain. Four in ten characters of running text have another
# form, so that five which a person chose all have one happens once in a hundred times, and regularly, never.
PROVEN: Final = 5
HAS_TWIN_SHARE: Final = 0.4
# Without tone marks a reading may be any foreign word; so many different characters must agree then.
ENOUGH_IF_TONELESS: Final = 2
# Before anything is known of the page, the odds that a lone reading is a person's.
BY_HAND: Final = 0.25

_LATIN_BEHIND_HAN: Final = re.compile(rf"(?<=[{HAN_CLASS}”」』》])[(（]([A-Z{LETTER_CLASS}'’· ,，、/-]+)[)）]")
_ABOUT_READINGS: Final = re.compile("拼音|[讀读發发注]音|[讀读念][作错錯]|多音字|[声聲][調调]")
_CLAUSE: Final = re.compile("[^，。！？；：、,.!?;:\n]+")
_SENTENCE: Final = re.compile("[^。！？!?\n]+")
_PARENTHESES: Final = re.compile("[(（][^()（）]*[)）]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading the replacement can have put in, and the character whose two bytes stand before it."""

    mark: Mark
    char: str


def find(text: str, applied: Collection[Fault] = ()) -> list[Finding]:
    """Every reading that the replacement put into the text, to be deleted.

    ``applied`` are the faults already repaired in it: a text that the replacement cut open was not annotated by hand.

    >>> [finding.edits[0].before for finding in find("在現(xiàn)代金融社會中,助貸行業(yè)逐漸")]
    ['(xiàn)', '(yè)']
    >>> find("你(nǐ)好(hǎo)，漢(hàn)字")
    []
    """
    whole = [mark for mark in marks(text) if mark.whole]
    found = [Reading(mark, char) for mark in whole if (char := _annotated(text, mark))]
    by_hand = _by_hand(text, whole, found)
    if by_hand * LESSON_SHARE > len(found):
        return []
    consent, confidence = _trust(text, found, Fault.ALIGNMENT in applied)
    return [_finding(text, reading, consent, confidence) for reading in found]


def _annotated(text: str, mark: Mark) -> str:
    """The character whose bytes stand before the mark, if it can be of the replacement's table; otherwise nothing."""
    before = text[mark.start - 1 : mark.start]
    if before.isascii():
        # the trail byte of a character and a letter: 款A(yù)pp
        pair = gbk.encode(text[mark.start - 2 : mark.start - 1]) if before else None
        before = (gbk.decode(pair[1], ord(before)) or "") if pair else ""
    return before if before and has_twin(before) and reads(before, mark.reading) else ""


def _by_hand(text: str, whole: list[Mark], found: list[Reading]) -> int:
    """How many readings of the text only a person can have written."""
    ours = {reading.mark.start for reading in found}
    single = {mark.start for mark in whole}
    others = (m for m in _LATIN_BEHIND_HAN.finditer(text) if m.start() not in ours)
    theirs = sum(_is_by_hand(text, m, m.start() in single) for m in others)
    strange = sum(_is_strange(reading) for reading in found)
    return theirs + max(strange, _with_two_readings(found), _taught(text, found))


def _is_by_hand(text: str, latin: re.Match[str], single: bool) -> bool:
    """Whether Latin letters behind a Han character are pinyin a person put there, not a foreign word or damage.

    A ``single`` syllable that is no reading of the character before it is damage that could not be repaired: there the
    text was cut open.
    """
    before = text[latin.start() - 1]
    if single and is_han(before):
        return reads(before, latin[1].strip())
    return has_tone(latin[1])


def _is_strange(reading: Reading) -> bool:
    """Whether the character is too rare for the table, or is read on a simplified page as it seldom is."""
    price = word_price(simplify(reading.char))
    odd = simplify(reading.char) == reading.char and not is_first_reading(reading.char, reading.mark.reading)
    return price is None or price <= RARE or odd


def _with_two_readings(found: list[Reading]) -> int:
    """How many readings are not the usual one of their character on this page; the table has one for each."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for reading in found:
        counts[reading.char][reading.mark.reading] += 1
    return sum(count.total() - max(count.values()) for count in counts.values())


def _taught(text: str, found: list[Reading]) -> int:
    """How many of the readings stand in clauses that annotate nearly everything or in sentences about readings."""
    crowded = {
        start
        for words, here in _grouped(_CLAUSE, text, found)
        if len(here) >= TAUGHT_READINGS and len(here) >= TAUGHT_SHARE * sum(map(is_han, words))
        for start in here
    }
    about = (here for words, here in _grouped(_SENTENCE, text, found) if _ABOUT_READINGS.search(words))
    return len(crowded.union(*about))


def _grouped(unit: re.Pattern[str], text: str, found: list[Reading]) -> Iterator[tuple[str, list[int]]]:
    """For each unit of the text with readings: its words without what is in parentheses, and where the readings are."""
    starts = [reading.mark.start for reading in found]
    for m in unit.finditer(text):
        here = starts[bisect_left(starts, m.start()) : bisect_left(starts, m.end())]
        if here:
            yield _PARENTHESES.sub("", m.group()), here


def _trust(text: str, found: list[Reading], cut_open: bool) -> tuple[Consent, float]:
    """How sure it is that the replacement wrote these readings."""
    counts = Counter(reading.char for reading in found)
    regular = sum(n for char, n in counts.items() if n >= REGULAR_SHARE * text.count(char))
    length = sum(map(is_han, text))
    confidence = 1 - BY_HAND * HAS_TWIN_SHARE ** len(counts)
    by_hand = (
        regular < REGULAR_SHARE * len(found)
        or (length >= LONG_TEXT and len(found) < SPARSE * length)
        or len(counts) < _enough(found)
    )
    if by_hand and not cut_open:
        return Consent.SUGGESTED, round(1 - confidence, 3)
    return Consent.CERTAIN if len(counts) >= PROVEN else Consent.PROBABLE, round(confidence, 3)


def _enough(found: list[Reading]) -> int:
    """How many different characters must bear readings before they count as damage."""
    simplified = all(simplify(reading.char) == reading.char for reading in found)
    toneless = not any(has_tone(reading.mark.reading) for reading in found)
    if simplified:
        return PROVEN if toneless else ENOUGH_IF_SIMPLIFIED
    return ENOUGH_IF_TONELESS if toneless else 1


def _finding(text: str, reading: Reading, consent: Consent, confidence: float) -> Finding:
    edit = Edit.at(reading.mark.start, text[reading.mark.start : reading.mark.end], "")
    evidence = f"“{edit.before}” was put behind {reading.char}, one of its readings"
    return Finding(Fault.ANNOTATION, (edit,), consent, confidence, evidence)
