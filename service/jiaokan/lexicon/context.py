"""The end of a text as the language model sees it: plausibility, one character at a time.

Han characters are scored by the word trigrams of ``trigrams``, over every segmentation at once. The model knows
words and nothing else, so all other characters have prices of their own (``marks``) and break the line of words.
Text in either script is scored by its simplified form.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.marks import ASKING, ends_clause, mark_price, opened
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
