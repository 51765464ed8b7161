"""The word trigrams as NumPy looks them up, many at a time, in the tables as they are mapped."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.lexicon.model_file import FIXED_POINT, LEVEL_BITS, LEVELS, Tables
from jiaokan.lexicon.trigrams import NO_HISTORY, ROOT, trigrams
from jiaokan.lexicon.variants import simplified_forms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_CONTEXT: Final = -1

_HAN_CODES: Final = 1 << 18  # no Han character lies beyond plane 3
# Keys are put together of code points, words and contexts, each of at most 20 bits: three are room enough in 63.
_BITS: Final = 20
_MASK: Final = (1 << _BITS) - 1
# Of a bit's number, the bits that say which one it is of 64.
_LOW: Final = 6


class Index:
    """A packed model; its columns lie where they are mapped."""

    def __init__(self, tables: Tables) -> None:
        self._children = _column(tables.children)
        self._unigrams = _column(tables.unigrams)
        self._weights = _column(tables.weights)
        self._bigrams = _column(tables.bigrams)
        self._bigram_levels = _column(tables.bigram_levels).astype(np.float64)
        self._contexts = _column(tables.contexts)
        self._ranks = _column(tables.ranks)
        self._context_weights = _column(tables.context_weights)
        self._trigrams = _column(tables.trigrams)
        self._trigram_levels = _column(tables.trigram_levels).astype(np.float64)
        self._characters = _column(tables.characters)
        self._rows = _column(tables.rows)
        self._context_rows = _column(tables.context_rows)

    def child(self, nodes: Ints, codes: Ints) -> Ints:
        """The nodes one character further on, ``ROOT`` where no word goes on like this."""
        wanted, where = np.unique(nodes << _BITS | codes, return_inverse=True)
        found = _find(self._characters, self._children, wanted >> _BITS, wanted & _MASK)
        return np.where(found >= 0, found, ROOT)[where]

    def is_word(self, nodes: Ints) -> Bools:
        """Whether a word ends at each node."""
        found: Bools = self._unigrams[nodes] > 0
        return found

    def goes_on(self, nodes: Ints) -> Bools:
        """Whether longer words begin like this. They do at ``ROOT``."""
        found: Bools = self._children[nodes] < self._children[nodes + 1]
        return found

    def step(self, lasts: Ints, contexts: Ints, words: Ints) -> tuple[Floats, Ints]:
        """log10 of the probability of each word after a history, and the contexts then, as ``Trigrams.step`` has them.

        A history is in two parts: the last word or ``NO_HISTORY``, and the context that the last two words are or
        ``NO_CONTEXT``.
        """
        keys, where = np.unique((lasts << _BITS | words) << _BITS | contexts + 1, return_inverse=True)
        lasts, words, contexts = keys >> 2 * _BITS, keys >> _BITS & _MASK, (keys & _MASK) - 1
        prices = self._unigrams[words] / -FIXED_POINT
        prices -= np.where(lasts == NO_HISTORY, 0.0, self._weights[lasts] / FIXED_POINT)
        after = np.full(len(keys), NO_CONTEXT)
        places = _find(self._bigrams, self._rows, lasts, words, LEVEL_BITS)
        known = np.flatnonzero(places >= 0)
        places = places[known]
        prices[known] = self._bigram_levels[self._bigrams[places] & LEVELS - 1]
        after[known] = self._context(places)
        self._correct(prices, contexts, words)
        return prices[where], after[where]

    def _correct(self, prices: Floats, contexts: Ints, words: Ints) -> None:
        """Make the prices by bigrams those by trigrams, wherever there is a context."""
        given = np.flatnonzero(contexts != NO_CONTEXT)
        keys, where = np.unique(contexts[given] << _BITS | words[given], return_inverse=True)
        places = _find(self._trigrams, self._context_rows, keys >> _BITS, keys & _MASK, LEVEL_BITS)[where]
        known = places >= 0
        others = given[~known]
        prices[others] -= self._context_weights[contexts[others]] / FIXED_POINT
        prices[given[known]] = self._trigram_levels[self._trigrams[places[known]] & LEVELS - 1]

    def _context(self, bigrams: Ints) -> Ints:
        """The context that each bigram is, or ``NO_CONTEXT``."""
        places, one = bigrams >> _LOW, np.uint64(1)
        bits, bit = self._contexts[places], one << (bigrams & (1 << _LOW) - 1).astype(np.uint64)
        ranks = self._ranks[places] + np.bitwise_count(bits & bit - one).astype(np.int64)
        return np.where(bits & bit, ranks, NO_CONTEXT)


def read(text: str, literal: bool) -> tuple[Ints, Ints]:
    """The code points that each Han character counts as: the first and, 0 if there is no other, the second."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    if literal:
        return codes, np.zeros_like(codes)
    first, second = _heirs()
    return first[codes].astype(np.int64), second[codes].astype(np.int64)


@cache
def _heirs() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The two columns of ``read`` for each code point."""
    columns = np.arange(_HAN_CODES, dtype=np.int32), np.zeros(_HAN_CODES, np.int32)
    for char, chars in simplified_forms().items():
        for column, heir in zip(columns, chars, strict=False):
            column[ord(char)] = ord(heir)
    return columns


def _column(table: memoryview[int] | memoryview[float]) -> NDArray[Any]:
    """The table as an array, where it lies."""
    return np.asarray(table)


def _find(entries: NDArray[Any], begins: NDArray[Any], rows: Ints, wanted: Ints, below: int = 0) -> Ints:
    """Where in its row of ``entries`` each wanted number is, or -1; ``below`` it entries have so many bits more.

    ``begins`` says where each row begins. A binary search of all at once: as each halves the part that is left of its
    row, as many steps do as the longest row has bits.
    """
    low, end = begins[rows].astype(np.int64), begins[rows + 1].astype(np.int64)
    high, last = end, len(entries) - 1
    for _ in range(int((end - low).max(initial=0)).bit_length()):
        middle = (low + high) >> 1
        less = (entries[np.minimum(middle, last)] >> below < wanted) & (middle < high)
        low, high = np.where(less, middle + 1, low), np.where(less, high, middle)
    return np.where((low < end) & (entries[np.minimum(low, last)] >> below == wanted), low, -1)


@cache
def index() -> Index:
    """The model that is shipped."""
    return Index(trigrams().tables)
