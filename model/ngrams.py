"""What a trigram model is, between reading and packing: words, bigrams and trigrams in one fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
Mask = NDArray[np.bool_]
Which = Mask | NDArray[np.signedinteger]


class Bigrams(NamedTuple):
    """Pairs of words, each by its number: P(second | first), and what to add when a trigram of the pair is missing."""

    first: Ids
    second: Ids
    prob: Floats
    backoff: Floats

    def take(self, which: Which) -> Bigrams:
        """Those of a mask, or of indices and in their order."""
        return Bigrams(self.first[which], self.second[which], self.prob[which], self.backoff[which])

    def renumber(self, number: Ids) -> Bigrams:
        """The same pairs after a word's number has become that at its place in ``number``."""
        return self._replace(first=number[self.first], second=number[self.second])


class Trigrams(NamedTuple):
    """Triples of words, each by its number: P(third | first second)."""

    first: Ids
    second: Ids
    third: Ids
    prob: Floats

    def take(self, which: Which) -> Trigrams:
        """Those of a mask, or of indices and in their order."""
        return Trigrams(self.first[which], self.second[which], self.third[which], self.prob[which])

    def renumber(self, number: Ids) -> Trigrams:
        """The same triples after a word's number has become that at its place in ``number``."""
        return self._replace(first=number[self.first], second=number[self.second], third=number[self.third])


@dataclass(frozen=True, slots=True, eq=False)
class Ngrams:
    """A back-off trigram model.

    A word's number is its place in ``words``. Words come by falling probability, those of one probability by
    code points; bigrams by (first, second), trigrams by (first, second, third), none twice.
    ``prob`` and ``backoff`` are log10, float64. ``unknown`` is the log10 probability of a word not listed.

    P(w | u v) is that of the trigram if it is listed, else the backoff of the bigram (u, v), 0 if that is not
    listed, plus P(w | v); P(w | v) likewise is that of the bigram, else the backoff of v plus that of w.
    The probabilities of all words after one context should add up to at most 1. Where a source rounds them, those
    listed after a few contexts alone add up to more.
    """

    words: tuple[str, ...]
    prob: Floats
    backoff: Floats
    bigrams: Bigrams
    trigrams: Trigrams
    unknown: float

    def __repr__(self) -> str:
        """How many there are of each."""
        return f"<{len(self.words)} words, {len(self.bigrams.prob)} bigrams, {len(self.trigrams.prob)} trigrams>"


def arranged(
    words: Sequence[str], prob: Floats, backoff: Floats, bigrams: Bigrams, trigrams: Trigrams, unknown: float
) -> Ngrams:
    """The model whose words and n-grams are given in any order, numbered and put in the order of :class:`Ngrams`."""
    by_rank = np.array(sorted(range(len(words)), key=lambda i: (-prob[i], words[i])), np.int32)
    rank = np.empty_like(by_rank)
    rank[by_rank] = np.arange(len(words), dtype=np.int32)
    two, three = bigrams.renumber(rank), trigrams.renumber(rank)
    return Ngrams(
        tuple(words[i] for i in by_rank),
        prob[by_rank],
        backoff[by_rank],
        two.take(np.lexsort((two.second, two.first))),
        three.take(np.lexsort((three.third, three.second, three.first))),
        unknown,
    )
