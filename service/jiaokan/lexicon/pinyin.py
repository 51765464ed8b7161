"""Readings: the pinyin of single characters, after the tables of the ``pypinyin`` package."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from jiaokan.memo import remember

# Letters of a pinyin syllable with or without its tone mark: inside a character class. ɑ and ɡ are the forms that
# GBK has (A8BB, A8C0) and that fonts for schools use; no syllable has more than six letters (zhuāng).
LETTER_CLASS: Final = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹêḿɑɡ"
MOST_LETTERS: Final = 6

# Answers that are kept: a page asks the same few hundred questions again and again, a site has some eighty readings.
KEPT: Final = 4096

_SCHOOL_FORMS: Final = str.maketrans("ɑɡ", "ag")
_TONES: Final = frozenset("\u0304\u0301\u030c\u0300")


def readings(char: str) -> frozenset[str]:
    """All readings of a character, with tone marks.

    >>> sorted(readings("數"))
    ['shuò', 'shù', 'shǔ']
    """
    return frozenset(reading for reading in _table().get(char, "").split(",") if reading)


@lru_cache(maxsize=KEPT)
def reads(char: str, syllable: str) -> bool:
    """Whether ``syllable`` is a reading of the character; one without a tone mark stands for every tone.

    >>> reads("數", "shù"), reads("數", "shu"), reads("數", "shū")
    (True, True, False)
    """
    syllable = unicodedata.normalize("NFC", syllable).translate(_SCHOOL_FORMS)
    known = readings(char)
    return syllable in known or (not has_tone(syllable) and syllable in map(toneless, known))


@lru_cache(maxsize=KEPT)
def is_first_reading(char: str, syllable: str) -> bool:
    """Whether ``syllable`` is the commonest reading of the character; without a tone mark it may be.

    >>> is_first_reading("長", "zhǎng"), is_first_reading("長", "cháng")
    (True, False)
    """
    first = _table().get(char, "").split(",")[0]
    return syllable == first or syllable == toneless(first)


def share_of_reading(char: str, syllable: str) -> float:
    """The share of the words with a simplified character in which it is read so, 0.0 if none is known.

    >>> share_of_reading("体", "tǐ") > 0.99 > share_of_reading("种", "zhǒng") > share_of_reading("种", "zhòng")
    True
    """
    counts = _shares().get(char, Counter())
    fitting = sum(number for reading, number in counts.items() if syllable in (reading, toneless(reading)))
    return fitting / counts.total() if fitting else 0.0


@remember(most=KEPT, longest=64)  # Latin in parentheses is of any length
def has_tone(syllable: str) -> bool:
    """Whether a syllable bears a tone mark.

    >>> has_tone("shù"), has_tone("men"), has_tone("nü")
    (True, False, False)
    """
    return not _TONES.isdisjoint(unicodedata.normalize("NFD", syllable))


def toneless(syllable: str) -> str:
    """The syllable without its tone mark: ``nǚ`` gives ``nü``."""
    bare = "".join(c for c in unicodedata.normalize("NFD", syllable) if c not in _TONES)
    return unicodedata.normalize("NFC", bare)


@cache
def _table() -> dict[str, str]:
    """Character to readings, joined by commas.

    Read from the file of the package: to import the package takes 0.2 s and 60 MB, for tables of phrases mostly.
    """
    return {chr(int(code)): listed for code, listed in _data("pinyin_dict.json").items()}


@cache
def _shares() -> dict[str, Counter[str]]:
    """For each character of the package's words how often it is read how. It takes 0.2 s, once, and few pages ask."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, listed in _data("phrases_dict.json").items():
        if len(word) == len(listed):
            for char, (reading, *_) in zip(word, listed, strict=True):
                found[char][reading] += 1
    return found


def _data(file: str) -> dict[str, Any]:
    package = find_spec("pypinyin")
    assert package
    assert package.origin
    data: dict[str, Any] = json.loads(Path(package.origin).with_name(file).read_bytes())
    return data


class InsertedReading(NamedTuple):
    """A reading as the byte-blind replacement puts it into a page, whole or with its front eaten.

    Attributes:
        start, end: where it stands, in code points.
        reading: the syllable.
        whole: whether both parentheses are there and no mark of a lost byte stands in front of them.
        eaten: whether the opening parenthesis is gone.
    """

    start: int
    end: int
    reading: str
    whole: bool
    eaten: bool


# What marks are made of, in a stretch, and the reading if one plain mark is all of it, as nearly always. ``re`` finds
# such stretches twenty times as fast as it tries a mark at each character.
_MADE_OF: Final = rf"[?\ufffd(（ {LETTER_CLASS})）]"
_SYLLABLE: Final = f"[{LETTER_CLASS}]{{1,{MOST_LETTERS}}}"
_STRETCH: Final = re.compile(rf"{_MADE_OF}(?:(?<=[(（])({_SYLLABLE})[)）](?!{_MADE_OF})|{_MADE_OF}*)")
# Extraction turns control characters into blanks, so a blank can stand inside the parentheses. The replacement can
# have run twice over a page, so a reading can be repeated.
_MARK: Final = re.compile(
    rf"(?:(?P<lost>[?\ufffd]{{1,3}})[(（]?|(?P<open>[(（])|(?<=[^\s\x00-\x7f{LETTER_CLASS}]))"
    rf" ?(?P<reading>{_SYLLABLE}) ?[)）](?:[(（] ?(?P=reading) ?[)）])*"
)


def find_inserted_readings(text: str) -> list[InsertedReading]:
    """Every place that can be a reading put into the text, in reading order.

    A bare ``shù)`` counts only with a tone mark: without one it is the end of any Latin parenthesis.

    >>> [(m.reading, m.whole) for m in find_inserted_readings("現(xiàn)代當?shù)厣祥T (see foo)")]
    [('xiàn', True), ('shù', False)]
    """
    found = []
    for stretch in _STRETCH.finditer(text):
        reading = stretch[1]
        if reading:
            found.append(InsertedReading(*stretch.span(), reading, True, False))
        elif ")" in stretch[0] or "）" in stretch[0]:
            found += _marks_in(text, *stretch.span())
    return found


def _marks_in(text: str, start: int, end: int) -> Iterator[InsertedReading]:
    """The marks in a part of the text, tried for at each character of it."""
    for m in _MARK.finditer(text, start, end):
        lost, opening, reading = m.groups()
        if opening:
            yield InsertedReading(*m.span(), reading, whole=True, eaten=False)
        elif lost or has_tone(reading):
            eaten = text[m.start("reading") - 1] not in "(（ "
            yield InsertedReading(*m.span(), reading, whole=False, eaten=eaten)
