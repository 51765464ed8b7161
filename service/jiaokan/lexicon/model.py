"""The language model: how probable a text is as Chinese, one character at a time, and which of several it was.

Han characters are scored by the word trigrams of ``trigrams``, over every segmentation at once. The model knows words
and nothing else, so all other characters have prices of their own (``prices``) and break the line of words. Text in
either script is scored by its simplified form. All of it compares: a single score says little, because three characters
of real and of garbled text overlap.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.prices import ASKING, ends_clause, mark_price, opened
from jiaokan.lexicon.trigrams import NO_HISTORY, ROOT, trigrams
from jiaokan.lexicon.variants import simplified_forms

# Histories that are followed at each place. On 300 lost bytes of bench lexicon one costs up to a point, four change
# one at most.
MOST_HISTORIES: Final = 2

# log10 of a Han character that is no word of the model, rarer than its rarest word (-6.26).
RARE_HAN: Final = -7.5

Paths = tuple[tuple[int, float], ...]


class Context(NamedTuple):
    """What a text so far leaves to decide, and its price.

    Attributes:
        score: log10 of the probability of the text so far.
        paths: the likeliest ways to divide it into words that differ in their history: the history and the score.
        open: words that have begun and may go on: the node of each and the paths before it.
        last: the last character, simplified.
        pending: the brackets and quotation marks that are open, the innermost last.
        asks: whether the clause has a word of those that ask.
    """

    score: float
    paths: Paths
    open: tuple[tuple[int, Paths], ...]
    last: str
    pending: str = ""
    asks: bool = False

    def extend(self, text: str, *, literal: bool = False) -> Context:
        """The context after ``text``.

        A traditional character that more than one simplified one goes back to (著 to 着 and 著) counts as the one that
        reads best, or if ``literal`` as what it is.

        >>> START.extend("问题").score > START.extend("问提").score
        True
        """
        context = self
        known = {} if literal else simplified_forms()
        for char in text:
            if "\u4e00" <= char <= "\u9fff" or is_han(char):
                context = context._with_han(known.get(char, char))
            else:
                context = context._with_other(char)
        return context

    def after_unknown(self, price: float) -> Context:
        """The context after a character that cannot be known, which costs ``mark_price``.

        >>> START.extend("问").after_unknown(-5.0).extend("题").score < START.extend("问题").score
        True
        """
        score = self.score + price
        return self._replace(score=score, paths=((NO_HISTORY, score),), open=(), last="")

    def _with_other(self, char: str) -> Context:
        """The context after a character that is not Han."""
        score = self.score + mark_price(char, self.last, self.pending, self.asks)
        asks = self.asks and not ends_clause(char)
        return Context(score, ((NO_HISTORY, score),), (), char, opened(char, self.pending), asks)

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
                        cost, after = step(history, child)
                        total = score + cost
                        if after not in reached or total > reached[after]:
                            reached[after] = total
        asks = self.asks or chars in ASKING
        if not reached:
            score = self.paths[0][1] + RARE_HAN
            return Context(score, ((NO_HISTORY, score),), tuple(begun), chars[0], self.pending, asks)
        best = tuple(reached.items())
        if len(best) > 1:
            best = tuple(sorted(best, key=_score, reverse=True)[:MOST_HISTORIES])
        return Context(best[0][1], best, tuple(begun), chars[0], self.pending, asks)


START: Final = Context(0.0, ((NO_HISTORY, 0.0),), (), "")


def _score(path: tuple[int, float]) -> float:
    return path[1]


# How far a span's neighbours are looked at: words of the model have nine characters at most, nearly all at most four,
# and a trigram reaches over three words.
REACH: Final = 12
# In a gap, where hundreds of words are compared.
REACH_OF_GAP: Final = 6


class Scored(NamedTuple):
    """A hypothesis and log10 of its probability."""

    text: str
    score: float


def score_per_character(text: str, before: str = "", after: str = "") -> float:
    """How plausible ``text`` is between its neighbours, in log10 of probability per character; 0.0 if it is empty.

    >>> score_per_character("随着消费信贷的普及") > score_per_character("帧kS著消費信貸的普")
    True
    >>> score_per_character("题", "催收问", "也日益凸显") > score_per_character("鹿", "催收问", "也日益凸显")
    True
    """
    return _gain(text, before, after) / len(text) if text else 0.0


def rank(texts: Iterable[str], before: str = "", after: str = "") -> list[Scored]:
    """Hypotheses about what stood between ``before`` and ``after``, the likeliest first.

    Their scores are log10 of the probability of the whole, so that a longer hypothesis pays for its length.

    >>> [choice.text for choice in rank(["四工作", "他的工作"], "他很喜欢", "。")]
    ['他的工作', '四工作']
    """
    scored = (Scored(text, _gain(text, before, after)) for text in dict.fromkeys(texts))
    return sorted(scored, key=lambda choice: -choice.score)


def fill_gap(before: str, after: str, words: tuple[str, ...]) -> tuple[Scored, ...]:
    """Which of the words was dropped between two texts, the likeliest first.

    >>> fill_gap("催收问", "也日益凸显", ("电话", "题"))[0].text
    '题'
    """
    return _rank_words(before[-REACH_OF_GAP:], after[:REACH_OF_GAP], words)


# Gaps whose words stay ranked, at 70 KB each: most are asked about again when a later sweep finds them as they were.
@lru_cache(maxsize=32)
def _rank_words(before: str, after: str, words: tuple[str, ...]) -> tuple[Scored, ...]:
    start = START.extend(before)
    scored = (Scored(word, start.extend(word + after).score - start.score) for word in dict.fromkeys(words))
    return tuple(sorted(scored, key=lambda choice: -choice.score))


def word_price(word: str) -> float | None:
    """log10 of the frequency of a word of the model, ``None`` if it is none.

    >>> word_price("问题") > word_price("题"), word_price("问提")
    (True, None)
    """
    model = trigrams()
    number = model.word(word)
    return model.price(number) if number else None


def char_price(char: str) -> float | None:
    """log10 of the share of a simplified character in running text, ``None`` if the model does not know it.

    >>> char_price("础") > char_price("龉"), char_price("覦")
    (True, None)
    """
    return trigrams().share(char)


def _gain(text: str, before: str, after: str) -> float:
    """log10 of the probability of ``text`` and of ``after`` behind it, given ``before``."""
    context = START.extend(before[-REACH:])
    return context.extend(text + after[:REACH]).score - context.score
