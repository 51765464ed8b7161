"""How plausible a text is as Chinese: word frequencies over every segmentation, one character at a time.

For now plausibility rests on the word frequencies of the ``wordfreq`` package (``large`` list of Chinese: words of
more than 1e-8 of all words, simplified). Text in either script is scored by its simplified form. A text is scored as
its most probable segmentation into words; what is not Han falls into a few classes with a fixed price.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from jiaokan.lexicon.hanzi import HANGUL_CLASS, KANA_CLASS, is_han
from jiaokan.lexicon.variants import simplify

# Longer words of the list are compounds of shorter ones or titles; they cost time and decide nothing.
LONGEST_WORD: Final = 4

# Prices in log10. A Han character that is no word of the list is rarer than the list's least word (1e-8).
RARE_HAN: Final = -9.0
# Marks are about one character in nine of running text; the comma and the stop make up most of them.
COMMON_MARK: Final = -1.5
OTHER_MARK: Final = -2.8
# A mark that ends a clause does not follow another one that does.
MARK_AFTER_MARK: Final = -2.0
# A Latin letter or a digit that opens a run, and one that goes on with it. Runs make up one character in a hundred.
LATIN_FIRST: Final = -4.2
LATIN_NEXT: Final = -1.0
KANA_OR_HANGUL: Final = -4.5
# Greek, Cyrillic, Bopomofo, symbols, private use: one in ten thousand characters of the gold pages at most,
# spread over some hundreds of code points.
OTHER: Final = -7.0

# The words in which 著 is zhù, to write or to be evident, and stays 著 in simplified characters. In all others it is
# the traditional form of 着, which the list has too because it counted traditional text.
_ZHU: Final = (
    *("著名", "著作", "著者", "著述", "著录", "著称", "著书", "著文", "著译", "著有", "著于", "著史"),
    *("所著", "名著", "巨著", "专著", "论著", "原著", "译著", "编著", "合著", "拙著", "新著", "遗著", "杂著", "撰著"),
    *("显著", "卓著", "昭著", "土著", "较著", "彰著", "素著", "知著", "成著"),
)
# 著 by itself is zhù as well (鲁迅著): about once in three hundred thousand words.
LONE_ZHU: Final = -5.5

_KANA_OR_HANGUL: Final = re.compile(f"[{KANA_CLASS}{HANGUL_CLASS}]")
_CLAUSE_ENDS: Final = frozenset("，。、；：！？,;:!?")
_COMMON_MARKS: Final = frozenset("，。、,.\n ")
_OTHER_MARKS: Final = frozenset("！？；：“”‘’（）《》〈〉「」『』【】…—·!?;:()\"'<>/-%&\t\r　～~")


@dataclass(frozen=True, slots=True)
class Context:
    """The end of a text as the model sees it, and the price of the whole.

    Attributes:
        score: log10 of the probability of the text so far.
        tail: the last Han characters, simplified, at most ``LONGEST_WORD - 1``, since the last other character.
        before: for each character of ``tail``, the score of the text before it.
        last: the last character if it is not Han.
    """

    score: float = 0.0
    tail: str = ""
    before: tuple[float, ...] = ()
    last: str = ""

    def extend(self, text: str) -> Context:
        """The context after ``text``.

        >>> START.extend("问题").score > START.extend("问提").score
        True
        """
        context = self
        for char in simplify(text):
            is_letter = "\u4e00" <= char <= "\u9fff" or is_han(char)
            context = context._with_han(char) if is_letter else context._with_other(char)
        return context

    def _with_han(self, char: str) -> Context:
        words = _words()
        best = self.score + words.get(char, RARE_HAN)
        word = char
        for start in range(len(self.tail) - 1, -1, -1):
            word = self.tail[start] + word
            price = words.get(word)
            if price is not None and self.before[start] + price > best:
                best = self.before[start] + price
        keep = 1 - LONGEST_WORD
        return Context(best, (self.tail + char)[keep:], (*self.before, self.score)[keep:])

    def _with_other(self, char: str) -> Context:
        return Context(self.score + _price(char, self.last), last=char)


START: Final = Context()


def plausibility(text: str) -> float:
    """How plausible a text is as Chinese, in log10 of probability per character; 0.0 for an empty text.

    >>> plausibility("随着消费信贷的普及") > plausibility("帧kS著消費信貸的普")
    True
    """
    return START.extend(text).score / len(text) if text else 0.0


def word_price(word: str) -> float | None:
    """log10 of the frequency of a word as the list has it, ``None`` if it does not."""
    return _listed().get(word)


def _price(char: str, last: str) -> float:
    """The price of a character that is not Han after one that is Han (``""``) or not."""
    if char.isascii() and char.isalnum():
        return LATIN_NEXT if last.isascii() and last.isalnum() else LATIN_FIRST
    if char in _COMMON_MARKS or char in _OTHER_MARKS:
        price = COMMON_MARK if char in _COMMON_MARKS else OTHER_MARK
        return price + MARK_AFTER_MARK if char in _CLAUSE_ENDS and last in _CLAUSE_ENDS else price
    return KANA_OR_HANGUL if _KANA_OR_HANGUL.fullmatch(char) else OTHER


@cache
def _words() -> dict[str, float]:
    """The listed words, those that spell 着 as 著 counted as 着."""
    listed = _listed()
    words = {word: price for word, price in listed.items() if "著" not in word or _has_zhu(word)}
    for word, price in listed.items():
        if "著" in word and word not in words:
            word = word.replace("著", "着")
            words[word] = math.log10(10**price + 10 ** words.get(word, -math.inf))
    words["著"] = LONE_ZHU
    return words


def _has_zhu(word: str) -> bool:
    return any(zhu in word for zhu in _ZHU)


@cache
def _listed() -> dict[str, float]:
    """Han words of the list with log10 of their frequency. Loaded on first use: it takes a third of a second."""
    from wordfreq import get_frequency_dict  # here, because it takes a tenth of a second to import

    listed = get_frequency_dict("zh", wordlist="large")
    return {word: math.log10(p) for word, p in listed.items() if len(word) <= LONGEST_WORD and is_han(word[0])}
