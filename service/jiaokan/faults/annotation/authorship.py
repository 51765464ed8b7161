"""Who put readings into a text: a table of the replacement, or a person, by the habits of either.

Whoever annotates characters gives each of those on the page a weight and takes some of them; the odds of a table are
its chance against that of the likeliest habit of people. ``is_teaching_text`` knows what only people do, the functions
behind it what only the replacement does where people annotate most, and ``was_cut_open`` that it was at work.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from math import log10
from typing import Final

from jiaokan.faults.annotation.inserted import Bare, Reading, bare, is_traditional, is_usual, usual
from jiaokan.lexicon.hanzi import HAN_CLASS, count_han, is_han
from jiaokan.lexicon.model import char_price, rank, word_price
from jiaokan.lexicon.pinyin import (
    LETTER_CLASS,
    InsertedReading,
    find_inserted_readings,
    has_tone,
    is_first_reading,
    readings,
    reads,
    share_of_reading,
    toneless,
)
from jiaokan.lexicon.variants import simplify
from jiaokan.report import Consent, Fault, Finding

# Tables hold common characters. Of those that have another form, at a share in running text (log10) of -2.5, -3.0,
# -3.5 and -4.0, 61, 31, 10 and 2 in 100 were seen annotated on real pages: half at HALF, their odds falling by
# STEEPNESS orders with each order of the share.
HALF: Final = -2.7
STEEPNESS: Final = 1.3
# People choose what their readers may not know: the rarer, the likelier. Or characters with several readings; one in
# so many of theirs has but one. Or just any. The shares of these three are a guess; the last is said of nobody.
DIFFICULTY: Final = 0.4
SLIP: Final = 0.03
DIFFICULT, AMBIGUOUS, ANY = 0.45, 0.45, 0.1
# The share of a character that the model does not know.
UNKNOWN: Final = -7.0

Weight = Callable[[str], float]


def odds_of_a_table(page: str, annotated: Iterable[str]) -> float:
    """log10 of how much likelier a table than a person is to annotate just these of the characters of a page.

    >>> page = "他们顽强地挑战贫困，用财力和双手摆脱本世纪最后的贫困，大步走向未来"
    >>> odds_of_a_table(page, "地力手本大") > 1 > 0 > odds_of_a_table(page, "顽挑贫脱")
    True
    """
    chars, annotated = [*filter(is_han, set(page))], [*annotated]
    by_people = max(
        log10(DIFFICULT) + _chance(chars, annotated, _difficulty),
        log10(AMBIGUOUS) + _chance(chars, annotated, _ambiguity),
        log10(ANY),
    )
    return _chance(chars, annotated, _commonness) - by_people


def _chance(chars: list[str], annotated: list[str], weight: Weight) -> float:
    """log10 of how likely just these are annotated, compared with any others of the characters of the page."""
    mean = sum(map(weight, chars)) / len(chars)
    return sum(log10(weight(char) / mean) for char in annotated)


def _commonness(char: str) -> float:
    return 1 / (1 + 10 ** (STEEPNESS * (HALF - _share(char))))


def _difficulty(char: str) -> float:
    return 10 ** (-DIFFICULTY * _share(char))


def _ambiguity(char: str) -> float:
    return 1.0 if len(readings(char)) > 1 else SLIP


@lru_cache(maxsize=4096)
def _share(char: str) -> float:
    share = char_price(char)
    return UNKNOWN if share is None else share


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

    >>> from jiaokan.faults.annotation.inserted import read
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


LOST: Final = "?\ufffd"  # what a lost byte shows as
_LEFT: Final = str.maketrans("", "", LOST)


def was_cut_open(text: str, every: Sequence[InsertedReading], others: Sequence[Finding]) -> bool:
    """Whether the replacement was here, after ``every`` mark of the text and what was found in it before.

    >>> def cut(text): return was_cut_open(text, find_inserted_readings(text), ())
    >>> cut("當?shù)厣祥T"), cut("五年來(lai)(lai)"), cut("當地(dì)上門")
    (True, True, False)
    """
    return any(_is_eaten(text, mark) or _is_double(text, mark) for mark in every) or _was_cut(others)


def _is_eaten(text: str, mark: InsertedReading) -> bool:
    """Whether the opening parenthesis went with a lost byte (``當?shù)厣``)."""
    return mark.eaten and text[mark.start] in LOST


def _is_double(text: str, mark: InsertedReading) -> bool:
    """Whether a reading stands twice behind one character, because the replacement ran twice.

    Behind one character: both readings of 爸爸(ba)(ba) may be meant.
    """
    twice = text[mark.start : mark.end].count(mark.reading) > 1
    return twice and text[mark.start - 1 : mark.start] != text[mark.start - 2 : mark.start - 1]


def _was_cut(others: Sequence[Finding]) -> bool:
    """Whether text read out of step was found and could be put back in step, in more places than not."""
    found = [finding for finding in others if finding.fault is Fault.ALIGNMENT]
    return sum(map(_restores, found)) > sum(finding.changes_nothing for finding in found)


def _restores(finding: Finding) -> bool:
    """Whether a finding puts text back in step, even if what stood there is in doubt, or finds the second rule.

    Beside a lost character, one rare enough to be given a reading (朱?(róng)基), the text goes on well. Of 83 such
    places that were taken for cuts none reads better restored than without its reading; of 245 cuts, 94 in 100 do.
    """
    edit = finding.edits[0]
    inside = find_inserted_readings(edit.before)
    if finding.changes_nothing or (not inside and finding.consent is Consent.SUGGESTED):
        return False
    if edit.before.isspace() or (inside and (inside[0].whole or inside[0].eaten)):
        return True
    left = bare(edit.before, [Reading(mark, "") for mark in inside]).text.translate(_LEFT)
    return rank((left, edit.after))[0].text == edit.after


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

    >>> from jiaokan.faults.annotation.inserted import read
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

    >>> from jiaokan.faults.annotation.inserted import read
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

    >>> from jiaokan.faults.annotation.inserted import read
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
