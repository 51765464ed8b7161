"""How plausible a text is as Chinese, and which of several it most likely was.

All of it compares: a single score says little, because three characters of real and of garbled text overlap.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from jiaokan.lexicon.context import START
from jiaokan.lexicon.trigrams import trigrams

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
