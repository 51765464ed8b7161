"""Readings put behind characters by the byte-blind replacement, taken out again: ``現(xiàn)代`` is ``現代``.

The replacement put the reading of a character behind its two bytes wherever they stood, so the bytes before the
parenthesis spell a character with that reading. On most sites its table holds only characters that look different in
the other script, and a page annotates such a character always or never.

People annotate too, and theirs must stay. They annotate characters that have no other form (你(nǐ)), whole words
(重庆(Chóngqìng)), every character of a phrase, or a character once and not again. What a page does everywhere decides
about each place on it: ``authorship`` says what only people do and what only the replacement does where people
annotate most, and this file how sure that is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.annotation.authorship import (
    could_be_damage,
    is_explained,
    is_of_a_table,
    is_teaching_text,
    needs_no_reading,
    was_cut_open,
)
from jiaokan.faults.annotation.inserted import Reading, has_other_form, is_traditional, read
from jiaokan.lexicon.hanzi import count_han
from jiaokan.lexicon.pinyin import InsertedReading, find_inserted_readings, has_tone
from jiaokan.report import Consent, Fault, Finding

# A character is annotated regularly when at least this share of its occurrences is, and a page when this share of its
# readings stands behind such characters. On the five seeds, once realigned, both are 1.0.
REGULAR_SHARE: Final = 2 / 3
# The seeds have 31 to 81 readings for 1000 characters; sites that use fewer characters of the table have fewer, an
# estimated five. A text of some length with less than two was annotated by hand.
LONG_TEXT: Final = 200
SPARSE: Final = 0.002
# On a page in simplified characters, where people annotate too, so many different characters must agree; or so many
# readings, if every occurrence of their characters has one. People annotate a common character once, where it is
# read in a special way. One that has no special way (``needs_no_reading``) they do not annotate at all.
ENOUGH_IF_SIMPLIFIED: Final = 3
ENOUGH_IF_EVERYWHERE: Final = 2
# From so many different characters on the finding is certain. Four in ten characters of running text have another
# form, so that five which a person chose all have one happens once in a hundred times, and regularly, never.
PROVEN: Final = 5
HAS_TWIN_SHARE: Final = 0.4
# Without tone marks a reading may be any foreign word; so many different characters must agree then, or so many
# occurrences of one character, with none left out.
ENOUGH_IF_TONELESS: Final = 2
ENOUGH_OF_ONE: Final = 3
# Before anything is known of the page, the odds that a lone reading is a person's.
BY_HAND: Final = 0.25


def find(text: str, others: Sequence[Finding] = ()) -> list[Finding]:
    """Every reading that the replacement put into the text, to be deleted.

    ``others`` is what was found in it before, applied or not: a text that the replacement cut open was not annotated
    by hand.

    >>> [finding.edits[0].before for finding in find("在現(xiàn)代金融社會中,助貸行業(yè)逐漸")]
    ['(xiàn)', '(yè)']
    >>> find("你(nǐ)好(hǎo)，漢(hàn)字")
    []
    """
    every = find_inserted_readings(text)
    whole = [mark for mark in every if mark.whole]
    found = read(text, whole)
    of_table = [reading for reading in found if has_other_form(reading)]
    if was_cut_open(text, every, others):
        return _in_cut_text(text, whole, of_table if any(map(is_traditional, found)) else found)
    proposed = _in_any_text(text, whole, found) if len(of_table) < len(found) else []
    if not any(finding.consent is not Consent.SUGGESTED for finding in proposed):
        return _in_converted_text(text, whole, of_table) or proposed
    return proposed


def _in_cut_text(text: str, whole: Sequence[InsertedReading], found: Sequence[Reading]) -> list[Finding]:
    """The readings of a text that the replacement is known to have damaged; doubts, if people annotated it too."""
    if is_teaching_text(text, whole, found, cut_open=True):
        return _doubts(text, found)
    proven = len({reading.char for reading in found}) >= PROVEN and all(map(has_other_form, found))
    consent = Consent.CERTAIN if proven else Consent.PROBABLE
    return _findings(text, found, consent, _confidence(found))


def _in_any_text(text: str, whole: Sequence[InsertedReading], found: Sequence[Reading]) -> list[Finding]:
    """The readings, if some stand behind characters that have no other form, and yet no person put them there."""
    if not could_be_damage(text, whole, found):
        return []
    if is_of_a_table(text, found):
        return _findings(text, found, Consent.PROBABLE, _confidence(found))
    return _doubts(text, found)


def _in_converted_text(text: str, whole: Sequence[InsertedReading], found: Sequence[Reading]) -> list[Finding]:
    """The readings, all behind characters that have another form, if the text is no lesson."""
    if not found or is_teaching_text(text, whole, found):
        return []
    counts = Counter(reading.char for reading in found)
    if _is_irregular(text, counts) or len(counts) < _enough(text, found, counts):
        return _doubts(text, found)
    consent = Consent.CERTAIN if len(counts) >= PROVEN else Consent.PROBABLE
    return _findings(text, found, consent, _confidence(found))


def _confidence(found: Sequence[Reading]) -> float:
    """How sure it is that the replacement wrote these readings, where no habit of people shows."""
    return round(1 - BY_HAND * HAS_TWIN_SHARE ** len({reading.char for reading in found}), 3)


def _doubts(text: str, found: Sequence[Reading]) -> list[Finding]:
    return _findings(text, found, Consent.SUGGESTED, round(1 - _confidence(found), 3))


def _is_irregular(text: str, counts: Counter[str]) -> bool:
    """Whether characters bear readings in some places and not in others, or hardly anything on a long page does."""
    regular = sum(number for char, number in counts.items() if number >= REGULAR_SHARE * text.count(char))
    length = count_han(text)
    sparse = length >= LONG_TEXT and counts.total() < SPARSE * length
    return sparse or regular < REGULAR_SHARE * counts.total()


def _enough(text: str, found: Sequence[Reading], counts: Counter[str]) -> float:
    """How many different characters must bear readings before they count as damage; infinity if none are enough."""
    simplified = not any(map(is_traditional, found))
    toneless = not any(has_tone(reading.mark.reading) for reading in found)
    everywhere = all(number == text.count(char) for char, number in counts.items())
    if simplified:
        return _enough_if_simplified(text, found, toneless, everywhere)
    if toneless and not (everywhere and (len(found) >= ENOUGH_OF_ONE or needs_no_reading(text, found))):
        return ENOUGH_IF_TONELESS
    return 1


def _enough_if_simplified(text: str, found: Sequence[Reading], toneless: bool, everywhere: bool) -> float:
    if everywhere and needs_no_reading(text, found):
        return ENOUGH_IF_TONELESS if toneless else 1
    if is_explained(text, found):
        return float("inf")
    if toneless:
        return PROVEN
    return 1 if everywhere and len(found) >= ENOUGH_IF_EVERYWHERE else ENOUGH_IF_SIMPLIFIED


def _findings(text: str, found: Sequence[Reading], consent: Consent, confidence: float) -> list[Finding]:
    written = [text[mark.start : mark.end] for mark, _ in found]
    edits = Edit.each((mark.start for mark, _ in found), written, [""] * len(found))
    pairs = zip(written, (reading.char for reading in found), strict=True)
    evidence = (f"“{put_in}” was put behind {char}, one of its readings" for put_in, char in pairs)
    return Finding.each(Fault.ANNOTATION, edits, consent, confidence, evidence)
