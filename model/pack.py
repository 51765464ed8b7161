"""Packs a trigram model into the file that ``jiaokan.lexicon.model_file`` describes and maps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jiaokan.lexicon.model_file import FIXED_POINT, LEVEL_BITS, LEVELS, aligned, header
from model.ngrams import Bigrams, Floats, Ngrams, Trigrams

Array = NDArray[np.generic]
Places = NDArray[np.int64]


def pack(ngrams: Ngrams) -> bytes:
    """The model as the bytes of a file.

    Raises:
        ValueError: it has more than ``LEVELS`` different probabilities of bigrams or of trigrams, or a trigram whose
            bigram is not listed.
    """
    nodes = sorted({word[:end] for word in ngrams.words for end in range(len(word) + 1)}, key=_breadth_first)
    place = {text: number for number, text in enumerate(nodes)}
    words = np.array([place[word] for word in ngrams.words], np.int64)
    tables = (
        *_trie(nodes, place),
        *(_spread(fixed_point(values), words, len(nodes)) for values in (ngrams.prob, ngrams.backoff)),
        *_ngrams(ngrams.bigrams, ngrams.trigrams, words, len(nodes)),
        *_shares(ngrams),
    )
    raw = bytearray(header([len(table) for table in tables]))
    for table in tables:
        raw += table.tobytes()
        raw += bytes(aligned(len(raw)) - len(raw))
    return bytes(raw)


def _breadth_first(text: str) -> tuple[int, str]:
    return len(text), text


def _trie(nodes: list[str], place: dict[str, int]) -> tuple[Array, Array]:
    """Last characters, and where the children of each node begin: sorted by length, they follow one another."""
    characters = np.array([ord(node[-1]) if node else 0 for node in nodes], "<u4")
    parents = np.array([place[node[:-1]] for node in nodes[1:]], np.int64)
    return characters, (np.searchsorted(parents, np.arange(len(nodes) + 1)) + 1).astype("<u4")


def fixed_point(values: Floats) -> Array:
    """log10 as it is stored. A weight above 1 counts as 1: back-off may add nothing.

    >>> fixed_point(np.array([-1.5, -0.00001, 0.02])).tolist()
    [12000, 0, 0]
    """
    stored: Array = np.rint(np.maximum(-values, 0.0) * FIXED_POINT).astype("<u2")
    return stored


def _spread(values: Array, words: Places, nodes: int) -> Array:
    """Values of words as values of nodes, 0 where no word ends."""
    table = np.zeros(nodes, values.dtype)
    table[words] = values
    return table


def _ngrams(two: Bigrams, three: Trigrams, words: Places, nodes: int) -> tuple[Array, ...]:
    """The tables from ``rows`` on."""
    order = np.lexsort((words[two.second], words[two.first]))
    two = two.take(order)
    first, second = words[two.first], words[two.second]
    bigrams, bigram_levels = _levelled(second, two.prob)
    keys = first * nodes + second
    context = np.searchsorted(keys, words[three.first] * nodes + words[three.second])
    if not np.array_equal(keys[context], words[three.first] * nodes + words[three.second]):
        raise ValueError("a trigram begins with a bigram that is not listed")
    order = np.lexsort((words[three.third], context))
    context = context[order]
    trigrams, trigram_levels = _levelled(words[three.third][order], three.prob[order])
    contexts = np.unique(context)
    bits = np.zeros(aligned(len(bigrams)) // 8 * 64 + 64, np.uint8)[: -(-len(bigrams) // 64) * 64]
    bits[contexts] = 1
    return (
        np.searchsorted(first, np.arange(nodes + 1)).astype("<u4"),
        bigrams,
        bigram_levels,
        np.packbits(bits, bitorder="little").view("<u8"),
        np.append(0, np.cumsum(bits.reshape(-1, 64).sum(axis=1))).astype("<u4"),
        fixed_point(two.backoff[contexts]),
        np.searchsorted(context, np.append(contexts, len(bigrams))).astype("<u4"),
        trigrams,
        trigram_levels,
    )


def _shares(ngrams: Ngrams) -> tuple[Array, Array]:
    """The characters of all words, and log10 of the share that each has in running text, as the words have it."""
    expected: dict[str, float] = {}
    for word, prob in zip(ngrams.words, (10**ngrams.prob).tolist(), strict=True):
        for char in word:
            expected[char] = expected.get(char, 0.0) + prob
    han = sorted(expected)
    counts = np.array([expected[char] for char in han])
    return np.array([ord(char) for char in han], "<u4"), fixed_point(np.log10(counts / counts.sum()))


def _levelled(words: Places, prob: Floats) -> tuple[Array, Array]:
    """n-grams as numbers: the word each ends in and the level of its probability; and the levels."""
    levels, level = np.unique(prob, return_inverse=True)
    if len(levels) > LEVELS:
        raise ValueError(f"{len(levels)} different probabilities do not fit into {LEVEL_BITS} bits")
    return (words << LEVEL_BITS | level).astype("<u4"), levels.astype("<f4")
