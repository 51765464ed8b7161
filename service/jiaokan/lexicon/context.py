"""The end of a text as the language model sees it: plausibility, one character at a time.

Han characters are scored by the word trigrams of ``trigrams``, over every segmentation at once. The model knows
words and nothing else, so all other characters have prices of their own, by class, and break the line of words.
Text in either script is scored by its simplified form.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from jiaokan.lexicon.hanzi import HANGUL_CLASS, KANA_CLASS, is_han
from jiaokan.lexicon.trigrams import NO_HISTORY, ROOT, trigrams
from jiaokan.lexicon.variants import heirs

# Histories that are followed at each place. On 300 lost bytes of bench/lexicon.py one costs up to a point, four change
# one at most.
MOST_HISTORIES: Final = 2

# Prices in log10. A Han character that is no word of the model is rarer than its rarest word (-6.26).
RARE_HAN: Final = -7.5
# Marks are about one character in nine of running text; the comma and the stop make up most of them.
COMMON_MARK: Final = -1.5
OTHER_MARK: Final = -2.8
# A mark that ends a clause does not follow another one that does, unless it is the same once more (！！！).
MARK_AFTER_MARK: Final = -2.0
SAME_AGAIN: Final = -1.2
# Quotation marks and parentheses open and close where clauses end (。” ，“ ”。), and a colon follows words of speech.
AT_CLAUSE_END: Final = -1.2
COLON_AFTER_SPEECH: Final = -0.7
# A clause does not end in a word that needs another one behind it.
AFTER_BOUND_WORD: Final = -1.5
# 、 is rarer than other marks, and no line ends in it or in a mark that opens.
ENUMERATION: Final = -2.2
LINE_BROKEN_OFF: Final = -4.0
# A Latin letter or a digit that opens a run, and one that goes on with it. Runs make up one character in a hundred.
LATIN_FIRST: Final = -4.2
LATIN_NEXT: Final = -1.0
KANA_OR_HANGUL: Final = -4.5
# Greek, Cyrillic, Bopomofo, symbols, private use: one in ten thousand characters of the gold pages at most,
# spread over some hundreds of code points.
OTHER: Final = -7.0

_KANA_OR_HANGUL: Final = re.compile(f"[{KANA_CLASS}{HANGUL_CLASS}]")
_CLAUSE_ENDS: Final = frozenset("，。、；：！？,;:!?")
_SENTENCE_ENDS: Final = frozenset("。！？…!?.")
_COMMON_MARKS: Final = frozenset("，。、,.\n ")
_OPENING: Final = frozenset('“‘（《〈「『【("<')
_CLOSING_QUOTES: Final = frozenset("”’」』")
_CLOSING: Final = _CLOSING_QUOTES | frozenset('）》〉】)">')
_OTHER_MARKS: Final = _OPENING | _CLOSING | frozenset("！？；：…—·!?;:'/-%&\t\r　～~")
_SPEECH: Final = frozenset("曰道说云问答称叫喊")
_BOUND: Final = frozenset("在和与把被对从向于以及或将跟给让使由")

Paths = tuple[tuple[int, float], ...]


class Context(NamedTuple):
    """What a text so far leaves to decide, and its price.

    Attributes:
        score: log10 of the probability of the text so far.
        paths: the likeliest ways to divide it into words that differ in their history: the history and the score.
        open: words that have begun and may go on: the node of each and the paths before it.
        last: the last character, simplified.
    """

    score: float
    paths: Paths
    open: tuple[tuple[int, Paths], ...]
    last: str

    def extend(self, text: str, *, literal: bool = False) -> Context:
        """The context after ``text``.

        A traditional character that more than one simplified one goes back to (著 to 着 and 著) counts as the one that
        reads best, or if ``literal`` as what it is.

        >>> START.extend("问题").score > START.extend("问提").score
        True
        """
        context = self
        known = {} if literal else heirs()
        for char in text:
            if "\u4e00" <= char <= "\u9fff" or is_han(char):
                context = context._with_han(known.get(char, char))
            else:
                score = context.score + _price(char, context.last)
                context = Context(score, ((NO_HISTORY, score),), (), char)
        return context

    def _with_han(self, chars: str) -> Context:
        """The context after a character that can be any one of ``chars``."""
        model = trigrams()
        follow, step = model.follow, model.step
        reached: dict[int, float] = {}
        begun = []
        for char in chars:
            code = ord(char)
            for node, paths in (*self.open, (ROOT, self.paths)):
                child, is_word, goes_on = follow(node, code)
                if goes_on:
                    begun.append((child, paths))
                if is_word:
                    for history, score in paths:
                        price, after = step(history, child)
                        price += score
                        if after not in reached or price > reached[after]:
                            reached[after] = price
        if not reached:
            score = self.paths[0][1] + RARE_HAN
            return Context(score, ((NO_HISTORY, score),), tuple(begun), chars[0])
        best = tuple(reached.items())
        if len(best) > 1:
            best = tuple(sorted(best, key=_score, reverse=True)[:MOST_HISTORIES])
        return Context(best[0][1], best, tuple(begun), chars[0])


START: Final = Context(0.0, ((NO_HISTORY, 0.0),), (), "")


def _score(path: tuple[int, float]) -> float:
    return path[1]


@cache
def _price(char: str, last: str) -> float:
    """The price of a character that is not Han after another one, ``""`` where nothing precedes it."""
    if char.isascii() and char.isalnum():
        return LATIN_NEXT if last.isascii() and last.isalnum() else LATIN_FIRST
    if char in _COMMON_MARKS or char in _OTHER_MARKS:
        return _price_of_mark(char, last)
    return KANA_OR_HANGUL if _KANA_OR_HANGUL.fullmatch(char) else OTHER


def _price_of_mark(char: str, last: str) -> float:
    price = COMMON_MARK if char in _COMMON_MARKS else OTHER_MARK
    if char == "、":
        price = ENUMERATION
    if char == "\n" and (last == "、" or last in _OPENING):
        return LINE_BROKEN_OFF
    if char in _CLAUSE_ENDS:
        if last in _CLAUSE_ENDS:
            return SAME_AGAIN if char == last else price + MARK_AFTER_MARK
        if char in "：:" and last in _SPEECH:
            return COLON_AFTER_SPEECH
        if last in _BOUND:
            return price + AFTER_BOUND_WORD
        return max(price, AT_CLAUSE_END) if last in _CLOSING else price
    if (char in _OPENING and last in _CLAUSE_ENDS) or (char in _CLOSING_QUOTES and last in _SENTENCE_ENDS):
        return AT_CLAUSE_END
    return price
