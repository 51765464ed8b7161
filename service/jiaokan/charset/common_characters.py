"""Whether a text is made of usual characters: the cheap test that runs where the language model is too slow.

A wrong charset makes rare characters out of common ones. Of 1600 documents of 200 characters (news, reviews, a novel,
manuals; simplified and traditional), read in the right charset 0 to 15 in a hundred characters beyond ASCII are not
usual, and three in a row are seen in one of a hundred documents; read in the wrong one of GBK and Big5 it is 46 to 96
in a hundred, and nearly all have three in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from jiaokan.edits import Span
from jiaokan.lexicon.hanzi import MARK_CLASS
from jiaokan.lexicon.trigrams import trigrams
from jiaokan.lexicon.variants import traditional_forms

# So many of the commonest simplified characters, with their traditional forms, are usual: 96.6 % of running text.
USUAL: Final = 2500
# These make up half of running text, and next to nothing of text in the wrong charset.
COMMONEST: Final = 150
# Fullwidth forms and vowels with tone marks are usual too. Kana are not: Japanese in EUC-JP has its own in GBK.
_OTHERS: Final = "\u3000\uff01-\uff5eāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ"

# Shares of the characters beyond ASCII, and how many there must be before shares mean anything.
MOST_UNUSUAL: Final = 0.15
LEAST_COMMONEST: Final = 0.2
LEAST_CHARACTERS: Final = 12
# A text in the wrong charset is given up after so many characters with so many unusual ones.
_GLANCE, _AT_A_GLANCE = 128, 40
# Common characters are looked for in half as many to so many, from all parts of a text: they are half of it, so that
# less than a fifth among 64 would be a chance of five standard deviations.
_SAMPLE: Final = 96
# Unusual characters in a row that are odd; two are enough if they are half of what stands between characters of ASCII,
# up to so many on either side.
_RUN: Final = 3
_FIELD, _ODD_IN_FIELD = 4, 0.5
_ASCII: Final = re.compile("[\x00-\x7f]")


def reads_well(text: str, beyond: int) -> bool:
    """Whether a text with ``beyond`` characters beyond ASCII can be taken for Chinese without a closer look.

    >>> text = "本站将探讨催收的必要性，以及它对借贷关系的影响。"
    >>> reads_well(text, len(text)), reads_well("セ痙盢贝癚笆ēΜ惠璶┦", 11)
    (True, False)
    """
    if beyond < LEAST_CHARACTERS:
        return False
    at_a_glance = len(_unusual().findall(text, 0, _GLANCE))
    if at_a_glance > _AT_A_GLANCE:
        return False
    sample = text[:: len(text) // _SAMPLE + 1]
    of_sample = count_beyond(sample)
    if of_sample < LEAST_CHARACTERS:
        sample, of_sample = text, beyond
    return (
        len(_commonest().findall(sample)) >= LEAST_COMMONEST * of_sample
        and at_a_glance + len(_unusual().findall(text, _GLANCE)) <= MOST_UNUSUAL * beyond
    )


def unusual_share(text: str) -> float:
    """The share of unusual characters among those beyond ASCII; 0.0 if there are none.

    >>> unusual_share("abc 问题"), unusual_share("闂")
    (0.0, 1.0)
    """
    beyond = count_beyond(text)
    return len(_unusual().findall(text)) / beyond if beyond else 0.0


def has_common(text: str) -> bool:
    """Whether a text has one of the characters that make up half of running text.

    >>> has_common("对话框不被"), has_common("勤趕遺祥掩")
    (True, False)
    """
    return _commonest().search(text) is not None


def count_beyond(text: str) -> int:
    """How many characters of a text are beyond ASCII.

    >>> count_beyond("abc 问题")
    2
    """
    return len(text) - len(text.encode("ascii", "ignore"))


def is_suspicious(text: str) -> bool:
    """Whether unusual characters stand together: three in a row, or two that are half of a field.

    >>> is_suspicious("问题，娴嬭，"), is_suspicious("name=闂;"), is_suspicious("龘字典")
    (False, False, False)
    >>> is_suspicious("问题，娴嬭瘯鏂囨湰"), is_suspicious("name=闂锛;")
    (True, True)
    """
    return next(suspicious(text), None) is not None


def suspicious(text: str) -> Iterator[Span]:
    """The runs of unusual characters that ``is_suspicious`` means, in reading order."""
    for run in _unusual_runs().finditer(text):
        start, end = run.span()
        before, after = text[max(0, start - _FIELD) : start], text[end : end + _FIELD]
        field = len(_ASCII.split(before)[-1]) + len(_ASCII.split(after)[0]) + end - start
        if end - start >= _RUN or end - start >= _ODD_IN_FIELD * field:
            yield Span(start, end)


@cache
def _usual_class() -> str:
    """The usual characters, for use inside a character class."""
    common = "".join(_by_share()[:USUAL])
    return (
        "".join(sorted({*common, *(form for char in common for form in traditional_forms(char))}))
        + MARK_CLASS
        + _OTHERS
    )


@cache
def _by_share() -> list[str]:
    model = trigrams()
    return sorted(map(chr, model.tables.han), key=lambda char: -(model.share(char) or -9.0))


@cache
def _unusual() -> re.Pattern[str]:
    return re.compile(f"[^\x00-\x7f{_usual_class()}]")


@cache
def _commonest() -> re.Pattern[str]:
    common = _by_share()[:COMMONEST]
    return re.compile(f"[，。{''.join({*common, *(form for char in common for form in traditional_forms(char))})}]")


@cache
def _unusual_runs() -> re.Pattern[str]:
    one = _unusual().pattern
    return re.compile(f"{one}{one}+")  # which is searched for twice as fast as two and more


def rare_together(text: str) -> bool:
    """Whether two unusual characters stand side by side.

    >>> rare_together("爨竳"), rare_together("爨和竳")
    (True, False)
    """
    return _unusual_runs().search(text) is not None


def before_lone_ascii(text: str) -> int:
    """How many unusual characters stand before a letter or sign by itself that can be a trail byte.

    >>> before_lone_ascii("噱漯k正"), before_lone_ascii("谦迷~"), before_lone_ascii("漯k k")
    (1, 0, 0)
    """
    return len(_before_lone_ascii().findall(text))


@cache
def _before_lone_ascii() -> re.Pattern[str]:
    return re.compile(f"[@-~](?<=(?!€){_unusual().pattern}.)(?![A-Za-z ])")


def before_rest_of_word(text: str) -> int:
    """How many unusual characters stand by themselves where a Latin word begins: one may have swallowed its beginning.

    >>> before_rest_of_word("与 鹐bian"), before_rest_of_word("与鹐bian"), before_rest_of_word("用apt")
    (1, 0, 0)
    """
    return len(_before_rest_of_word().findall(text))


@cache
def _before_rest_of_word() -> re.Pattern[str]:
    return re.compile(f"(?<![^\x00-\x7f]){_unusual().pattern}(?=[A-Za-z][a-z])")


def beside_latin(text: str) -> Iterator[int]:
    """The places of characters that may have swallowed the next letter of ASCII: of unusual ones beside a letter, and
    of any before a small one.

    >>> [*beside_latin("V藾机")], [*beside_latin("VCD 藾")], [*beside_latin("A股")], [*beside_latin("用apt")]
    ([1], [], [], [0])
    """
    before, behind = _before_and_behind_latin()
    yield from (match.start() - 1 for match in before.finditer(text))
    yield from (match.start() + 1 for match in behind.finditer(text))


@cache
def _before_and_behind_latin() -> tuple[re.Pattern[str], re.Pattern[str]]:
    one = _unusual().pattern  # letters are looked for first: most text has few of them
    return re.compile(f"[A-Za-z](?:(?<={one}.)|(?<=[^\x00-\x7f][a-z]))"), re.compile(f"[A-Za-z](?={one})")


@cache
def usual_or_ascii() -> re.Pattern[str]:
    """A usual character, or one of ASCII that a page has."""
    return re.compile(f"[\t\n\r -~{_usual_class()}]")
