"""Word trigrams with back-off: which words a text can consist of, and how probable one is after two others.

A word is a number, the place of its last character in the trie (``packed``). So is a *history*, what is remembered of
the words before: 0 is none, a word's number is that word, and a number from ``len(tables.characters)`` on is a bigram
that trigrams begin with. Lookups are remembered, because hypotheses of one place share nearly all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache
from heapq import nsmallest
from typing import Final

from jiaokan.lexicon.model_file import FIXED_POINT, LEVEL_BITS, LEVELS, Tables, map_tables

ROOT: Final = 0
NO_HISTORY: Final = 0

# Lookups remembered, after which all are forgotten: about 150 bytes each, so at most 15 MB. A page takes some thousand.
MOST_REMEMBERED: Final = 100_000
_WORD_BITS: Final = 20
_CODE_BITS: Final = 21
_NOWHERE: Final = (ROOT, False, False)
_BIT: Final = 63


class Trigrams:
    """A packed model, open."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._children: dict[int, tuple[int, bool, bool]] = {}
        self._steps: dict[int, tuple[float, int]] = {}

    def follow(self, node: int, code: int) -> tuple[int, bool, bool]:
        """The node one character (a code point) further on, or ``ROOT`` if no word goes on like this.

        With it, whether a word ends there, and whether longer ones go on.
        """
        key = node << _CODE_BITS | code
        found = self._children.get(key)
        if found is None:
            if len(self._children) >= MOST_REMEMBERED:
                self._children.clear()
            found = self._children[key] = self._follow(node, code)
        return found

    def _follow(self, node: int, code: int) -> tuple[int, bool, bool]:
        characters, children, unigrams = self.tables[:3]
        low, high = children[node], children[node + 1]
        child = bisect_left(characters, code, low, high)
        if child == high or characters[child] != code:
            return _NOWHERE
        return child, unigrams[child] > 0, children[child] < children[child + 1]

    def word(self, text: str) -> int:
        """The number of a word, 0 if it is none of the model's.

        >>> trigrams().word("问题") > 0, trigrams().word("问提")
        (True, 0)
        """
        node, is_word = ROOT, False
        for char in text:
            node, is_word, _ = self.follow(node, ord(char))
            if not node:
                break
        return node if is_word else 0

    def commonest(self, number: int) -> list[str]:
        """The so many commonest words, the commonest first.

        >>> trigrams().commonest(2)
        ['的', '和']
        """
        unigrams = self.tables.unigrams
        words = (node for node, price in enumerate(unigrams) if price)
        return [self._spelt(node) for node in nsmallest(number, words, key=unigrams.__getitem__)]

    def _spelt(self, node: int) -> str:
        """The text that leads to a node. The children of one node stand behind those of the node before it."""
        characters, children = self.tables[:2]
        spelt = []
        while node != ROOT:
            spelt.append(chr(characters[node]))
            node = bisect_right(children, node) - 1
        return "".join(reversed(spelt))

    def share(self, char: str) -> float | None:
        """log10 of the share of a character in running text, ``None`` if no word has it.

        >>> trigrams().share("的") > trigrams().share("础"), trigrams().share("A")
        (True, None)
        """
        code = ord(char)
        place = bisect_left(self.tables.han, code)
        known = place < len(self.tables.han) and self.tables.han[place] == code
        return -self.tables.shares[place] / FIXED_POINT if known else None

    def price(self, word: int) -> float:
        """log10 of the probability of a word where nothing is known of what precedes it."""
        return -self.tables.unigrams[word] / FIXED_POINT

    def step(self, history: int, word: int) -> tuple[float, int]:
        """log10 of the probability of ``word`` after ``history``, and the history then.

        >>> model = trigrams()
        >>> _, history = model.step(NO_HISTORY, model.word("解决"))
        >>> model.step(history, model.word("问题"))[0] > model.price(model.word("问题"))
        True
        """
        key = history << _WORD_BITS | word
        found = self._steps.get(key)
        if found is None:
            if len(self._steps) >= MOST_REMEMBERED:
                self._steps.clear()
            found = self._steps[key] = self._step(history, word)
        return found

    def _step(self, history: int, word: int) -> tuple[float, int]:
        if history == NO_HISTORY:
            return self.price(word), word
        tables, nodes = self.tables, len(self.tables.characters)
        bigram = history - nodes
        last = history if bigram < 0 else tables.bigrams[bigram] >> LEVEL_BITS
        place = _find(tables.bigrams, word, tables.rows[last], tables.rows[last + 1])
        if place < 0:
            price, after = self.price(word) - tables.weights[last] / FIXED_POINT, word
        else:
            price = tables.bigram_levels[tables.bigrams[place] % LEVELS]
            after = nodes + place if self._is_context(place) else word
        if bigram >= 0:
            context = self._rank(bigram)
            place = _find(tables.trigrams, word, tables.context_rows[context], tables.context_rows[context + 1])
            if place < 0:
                price -= tables.context_weights[context] / FIXED_POINT
            else:
                price = tables.trigram_levels[tables.trigrams[place] % LEVELS]
        return price, after

    def _is_context(self, bigram: int) -> bool:
        return self.tables.contexts[bigram >> 6] >> (bigram & _BIT) & 1 > 0

    def _rank(self, bigram: int) -> int:
        """How many of the bigrams before this one are contexts of trigrams."""
        below = self.tables.contexts[bigram >> 6] & ((1 << (bigram & _BIT)) - 1)
        return self.tables.ranks[bigram >> 6] + below.bit_count()


def _find(ngrams: memoryview[int], word: int, low: int, high: int) -> int:
    """Where in ``ngrams[low:high]`` the one that ends in ``word`` is, or -1."""
    place = bisect_left(ngrams, word << LEVEL_BITS, low, high)
    return place if place < high and ngrams[place] >> LEVEL_BITS == word else -1


@cache
def trigrams() -> Trigrams:
    """The model that is shipped. Opened on first use: it takes less than a millisecond."""
    return Trigrams(map_tables())
