"""Readings in simplified text: what tells those of the replacement from those of a person, who annotates there too.

Who writes for learners annotates whole words, or what they do not know: the rarer characters of the text, or those
with several readings. The replacement knows neither words nor difficulty: it annotates the characters of its table,
common ones, wherever they stand. That also tells the pages of a site that ran it over text that never was
traditional, where the table holds characters with no other form: 新(xīn)能(néng)源科(kē)学.

The figures below come from the texts of ``bench lessons``, in pages of eight documents (650 to 1,350 Han): medians,
with the middle nine tenths in brackets. The bench shows what the rules make of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from jiaokan.faults.annotation.choice import odds_of_a_table
from jiaokan.faults.annotation.lesson import is_teaching_text, recurring, speaks_of_readings
from jiaokan.faults.annotation.readings import Bare, Reading, bare, is_traditional
from jiaokan.lexicon.hanzi import count_han, is_han
from jiaokan.lexicon.pinyin import InsertedReading, has_tone, is_first_reading, readings, share_of_reading, toneless
from jiaokan.lexicon.plausibility import char_price, word_price
from jiaokan.lexicon.variants import simplify

# How often an annotated character of the page is commoner than a bare one. Tables: 0.72 (0.63 to 0.80); characters
# that people chose as rare for their readers: 0.33 (0.19 to 0.50), or 0.0 if they chose strictly; chosen without
# regard to that: 0.50 (0.33 to 0.64). Single documents of tables of other sites: 98 in 100 have at least 0.3.
NOT_RARER: Final = 0.3
# The share of words of which only a part is annotated. Tables: 0.97 (0.88 to 1.0); people who annotate words
# character by character: 0.12 (0 to 0.27).
BROKEN_WORDS: Final = 0.5
# From so many characters on, that none of them has but one reading is no chance.
ENOUGH_TO_VARY: Final = 3
# The share of readings whose characters bear one at most of their places (damage that was not repaired hides some).
# Tables: 1.0; people who annotate what is new, once: 0.6 (0.3 to 0.8).
EVERYWHERE: Final = 0.9
MOST: Final = 2 / 3
# The rarest character of the seeds has -4.1, see ``lesson.RARE``; in simplified text the bound is closer, because
# nothing else tells a rare character that was explained.
RARE: Final = -4.2
# With so many characters, and such odds (log10), a table that holds characters with no other form is told. Without
# tones a reading may be any foreign word. Of 1,200 documents that people annotate, these odds hit 3 where they choose
# new characters, and 114 where they draw lots.
ENOUGH: Final = 3
ENOUGH_IF_TONELESS: Final = 5
SURE: Final = 1.4
# log10 of the odds that a character bears its reading at all of several places: most people write it once, where the
# character comes up; two in three, by guess.
ALWAYS: Final = 0.5
# A common character, one of the 900 commonest. Nobody who can read explains it.
COMMON: Final = -3.5
# The share of its words in which a character is read in the ordinary way, if nobody thinks of another.
ORDINARY: Final = 0.95
# Han characters of a text that is more than a list of examples.
RUNNING: Final = 40
# Lengths of the words that are looked for.
WORD_LENGTHS: Final = (2, 3, 4)


def could_be_damage(text: str, whole: Sequence[InsertedReading], found: Sequence[Reading]) -> bool:
    """Whether no habit of people shows in the readings ``found`` in a text, of all its ``whole`` marks.

    The text must be simplified; the characters may have no other form.

    >>> from jiaokan.faults.annotation.readings import read
    >>> from jiaokan.lexicon.pinyin import find_inserted_readings as marks
    >>> def could(text): return could_be_damage(text, marks(text), read(text, marks(text)))
    >>> could("新(xīn)能(néng)源汽车的科(kē)技水平"), could("新(xīn)能(néng)源(yuán)汽(qì)车(chē)")
    (True, False)
    """
    if any(map(is_traditional, found)) or is_teaching_text(text, whole, found, RARE):
        return False
    counts = Counter(reading.char for reading in found)
    everywhere = sum(number for char, number in counts.items() if number >= MOST * text.count(char))
    page = bare(text, found)
    return (
        everywhere >= EVERYWHERE * len(found)
        and _broken_words(page) >= BROKEN_WORDS
        and _commoner(page, set(counts)) >= NOT_RARER
    )


def is_of_a_table(text: str, found: Sequence[Reading]) -> bool:
    """Whether the readings of a text that could be damage are enough to tell: at the characters a table would have."""
    chars = {reading.char for reading in found}
    toned = any(has_tone(reading.mark.reading) for reading in found)
    everywhere = ALWAYS if recurring(text, found) else 0.0
    enough = len(chars) >= (ENOUGH if toned else ENOUGH_IF_TONELESS)
    return enough and odds_of_a_table(bare(text, found).text, chars) + everywhere >= SURE


def is_explained(text: str, found: Sequence[Reading]) -> bool:
    """Whether people had reason to annotate these characters: they are the rare ones, or all have several readings.

    >>> from jiaokan.faults.annotation.readings import read
    >>> from jiaokan.lexicon.pinyin import find_inserted_readings as marks
    >>> def explained(text): return is_explained(text, read(text, marks(text)))
    >>> explained("一百多辆海马轿(jiào)车，这批轿(jiào)车"), explained("据统(tǒng)计，共抓获嫌犯三万名")
    (True, False)
    """
    chars = {reading.char for reading in found}
    several = len(chars) >= ENOUGH_TO_VARY and not _with_one_reading(chars)
    return several or _commoner(bare(text, found), chars) < NOT_RARER


def needs_no_reading(text: str, found: Sequence[Reading]) -> bool:
    """Whether every reading stands amid running text, inside a word, at a common character that hardly has another.

    Without tone marks, other tones are no other readings.

    >>> from jiaokan.faults.annotation.readings import read
    >>> from jiaokan.lexicon.pinyin import find_inserted_readings as marks
    >>> text = "据统(tǒng)计，全国公安边防部门五年来共查获各类案件三万多起，抓获犯罪嫌疑人四万多名，为国家挽回了损失。"
    >>> needs_no_reading(text, read(text, marks(text)))
    True
    """
    page = bare(text, found)
    page = page._replace(text=simplify(page.text))
    return (
        count_han(page.text) >= RUNNING
        and not speaks_of_readings(page.text)
        and all(_is_plain(reading) and is_han(text[reading.mark.end : reading.mark.end + 1]) for reading in found)
        and all(any(not all(word) for word in _words(page, place)) for place in page.places)
    )


def _is_plain(reading: Reading) -> bool:
    char, syllable = simplify(reading.char), reading.mark.reading
    price = char_price(char)
    if price is None or price < COMMON or not is_first_reading(char, syllable):
        return False
    known = readings(char) if has_tone(syllable) else set(map(toneless, readings(char)))
    return len(known) == 1 or share_of_reading(char, syllable) >= ORDINARY


def _with_one_reading(chars: set[str]) -> set[str]:
    return {char for char in chars if len(readings(char)) == 1}


def _broken_words(page: Bare) -> float:
    """Of the words with an annotated character, the share that have a bare one too; 0.0 if there are none."""
    words = [word for place in page.places for word in _words(page, place)]
    return sum(1 for word in words if not all(word)) / len(words) if words else 0.0


def _words(page: Bare, place: int) -> list[list[bool]]:
    """The words that the character at a place can be part of: which of their characters are annotated."""
    return [
        [at in page.places for at in range(start, start + length)]
        for length in WORD_LENGTHS
        for start in range(max(0, place - length + 1), place + 1)
        if start + length <= len(page.text) and word_price(page.text[start : start + length]) is not None
    ]


def _commoner(page: Bare, annotated: set[str]) -> float:
    """How often one of the ``annotated`` is commoner than one of the bare characters, or 0.0 if none is bare."""
    others = sorted(map(_price, {char for char in page.text if is_han(char)} - annotated))
    wins = sum(bisect_left(others, price) + bisect_right(others, price) for price in map(_price, annotated))
    return wins / (2 * len(others) * len(annotated)) if others else 0.0


def _price(char: str) -> float:
    price = char_price(char)
    return float("-inf") if price is None else price
