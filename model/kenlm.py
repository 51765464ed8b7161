"""Reads a KenLM binary of one kind: version 5, order 3, a quantised trie with array-compressed pointers, with words.

The layout is that of KenLM (https://github.com/kpu/kenlm, described in Heafield, "KenLM: Faster and Smaller
Language Model Queries", WMT 2011, section 3.2), as written by `build_binary -a N -q N trie`, on a little-endian
machine. In the order of the file:

========================  ==========================================================================  ================
header                    magic, reference values, FixedWidthParameters, a count per order            binary_format.cc
vocabulary                the number of words but ``<unk>``, then their hashes, ascending             vocab.cc
quantisation              version, bits; float32 tables: bigram prob, bigram backoff, trigram prob    quantize.hh
words                     (prob, backoff, first bigram) by number, and two entries more               trie.hh
bigrams' high pointers    version, bits; where the high part of "first trigram" grows                 bhiksha.hh
bigrams                   bits: preceding word, backoff, prob, low part of "first trigram"            trie.cc
trigrams                  bits: preceding word, prob                                                  trie.cc
strings                   the words by number, ``<unk>`` first, each closed by a zero byte            vocab.cc
========================  ==========================================================================  ================

The trie is reversed: the entry of a word leads to the bigrams that *end* in it, each named by the word before,
and the entry of a bigram to the trigrams that end in it, each again named by the word before.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.ngrams import Bigrams, Floats, Ids, Ngrams, Trigrams, arranged

Numbers = NDArray[np.int64]

MAGIC: Final = b"mmap lm http://kheafield.com/code format version 5\n"
# What a reader compares with its own 0, 1 and -1/2 as float32, 1 and the greatest word number, padding, 1 as uint64.
REFERENCE: Final = struct.pack("<56s3f3IQ", MAGIC, 0.0, 1.0, -0.5, 1, 0xFFFFFFFF, 0, 1)
# Order, a parameter of hash tables, kind of model, whether the strings are there, version of the kind.
FIXED: Final = struct.Struct("<B3xfI?3xI")
COUNTS: Final = struct.Struct("<3Q")
HEADER_SIZE: Final = (len(REFERENCE) + FIXED.size + COUNTS.size + 7) // 8 * 8
ORDER: Final = 3
QUANTISED_ARRAY_TRIE: Final = 5  # model_type.hh
TRIE_VERSION: Final = 1  # search_trie.hh
QUANTISATION_VERSION: Final = 2  # quantize.cc
POINTER_VERSION: Final = 0  # bhiksha.cc
UNIGRAM: Final = [("prob", "<f4"), ("backoff", "<f4"), ("next", "<u8")]
SPARE: Final = 8  # bytes after each stretch of bits, so that eight can be read at the last entry (trie.cc, BaseSize)
ALIGNMENT: Final = 7  # bytes set aside to align the pointers; they are aligned without (bhiksha.cc, Size)


def read(file: bytes) -> Ngrams:
    """All that a KenLM file holds except ``<unk>`` and n-grams with it; the probabilities are the file's float32.

    Raises:
        ValueError: it is no KenLM binary, one of another kind, damaged or cut short.
    """
    cursor = _Cursor(file)
    words, bigrams, trigrams = _counts(cursor)
    cursor.skip(8 + 8 * words)  # the hashes of the words; their strings come last, in the same order
    prob_width, backoff_width = _versioned(cursor, "quantisation", QUANTISATION_VERSION)
    bigram_probs, bigram_backoffs, trigram_probs = (
        cursor.array("<f4", 1 << width) for width in (prob_width, backoff_width, prob_width)
    )
    unigrams = cursor.array(UNIGRAM, words + 2)
    high, low_width = _high_pointers(cursor, bigrams, trigrams)
    two = cursor.bits(bigrams, words.bit_length(), backoff_width, prob_width, low_width)
    three = cursor.bits(trigrams, words.bit_length(), prob_width)

    second = _parents(unigrams["next"][: words + 1].astype(np.int64), bigrams)
    first = two.field(0)[:-1]
    ending = _parents(high << low_width | two.field(3), trigrams)
    return _without_unknown(
        _strings(file[cursor.place :], words),
        unigrams[:words],
        Bigrams(
            _ids(first, words),
            _ids(second, words),
            _floats(bigram_probs[two.field(2)[:-1]]),
            _floats(bigram_backoffs[two.field(1)[:-1]]),
        ),
        Trigrams(
            _ids(three.field(0)[:-1], words),
            _ids(first[ending], words),
            _ids(second[ending], words),
            _floats(trigram_probs[three.field(1)[:-1]]),
        ),
    )


@dataclass(slots=True)
class _Cursor:
    """A place in the file, moved on by every reading.

    Raises:
        ValueError: the file ends before what is to be read.
    """

    file: bytes
    place: int = 0

    def skip(self, size: int) -> int:
        """Where the place was before it moved on by ``size`` bytes."""
        start, self.place = self.place, self.place + size
        if self.place > len(self.file):
            raise ValueError(f"KenLM binary cut short: {len(self.file)} bytes of at least {self.place}")
        return start

    def array(self, kind: str | list[tuple[str, str]], count: int) -> NDArray[Any]:
        """The next ``count`` values of a NumPy kind."""
        dtype = np.dtype(kind)
        return np.frombuffer(self.file, dtype, count, self.skip(count * dtype.itemsize))

    def bits(self, entries: int, *widths: int) -> _Bits:
        """The next ``entries`` entries, of fields so many bits wide, and the one after them that ends the pointers."""
        size = ((entries + 1) * sum(widths) + 7) // 8 + SPARE
        return _Bits(self.file, self.skip(size), size, entries + 1, widths)


@dataclass(frozen=True, slots=True)
class _Bits:
    """Entries packed bit after bit, from the lowest bit of the first byte up (bit_packing.hh)."""

    file: bytes
    start: int
    size: int
    entries: int
    widths: tuple[int, ...]

    def field(self, number: int) -> Numbers:
        """One field of all entries."""
        at = np.arange(self.entries, dtype=np.int64) * sum(self.widths) + sum(self.widths[:number])
        # Eight bytes from every byte on; a field is at most 57 bits wide and begins in the first of them.
        eights: NDArray[np.uint64] = np.ndarray((self.size - 7,), "<u8", self.file, self.start, (1,))
        shifted: NDArray[np.uint64] = eights[at >> 3] >> (at & 7).astype(np.uint64)
        return (shifted & np.uint64((1 << self.widths[number]) - 1)).astype(np.int64)


def _counts(cursor: _Cursor) -> tuple[int, int, int]:
    """The numbers of words, bigrams and trigrams, from a header that is as expected."""
    if not cursor.file.startswith(MAGIC):
        raise ValueError("no KenLM binary of version 5")
    start = cursor.skip(HEADER_SIZE)
    if not cursor.file.startswith(REFERENCE, start):
        raise ValueError("KenLM binary of another kind of machine: its reference values differ")
    order, _, kind, strings, version = FIXED.unpack_from(cursor.file, len(REFERENCE))
    if (order, kind, strings, version) != (ORDER, QUANTISED_ARRAY_TRIE, True, TRIE_VERSION):
        raise ValueError(
            f"KenLM binary of order {order}, kind {kind}, version {version}, {'with' if strings else 'without'} "
            f"strings; expected order {ORDER}, kind {QUANTISED_ARRAY_TRIE}, version {TRIE_VERSION}, with strings"
        )
    counts: tuple[int, int, int] = COUNTS.unpack_from(cursor.file, len(REFERENCE) + FIXED.size)
    if max(counts) > 8 * len(cursor.file):
        raise ValueError(f"KenLM binary cut short: {len(cursor.file)} bytes for {max(counts)} n-grams")
    return counts


def _versioned(cursor: _Cursor, what: str, expected: int) -> tuple[int, int]:
    """The two settings of eight bytes that begin with a version."""
    start = cursor.skip(8)
    version, first, second = cursor.file[start : start + 3]
    if version != expected:
        raise ValueError(f"KenLM {what} of version {version}, expected {expected}")
    return first, second


def _high_pointers(cursor: _Cursor, bigrams: int, trigrams: int) -> tuple[Numbers, int]:
    """The high part of each bigram's pointer to its first trigram, and the width of the low part.

    The table says at which bigram each high part begins. How many bits are high is not in the file: the writer
    takes the number that saves most space, up to a limit, which is (bhiksha.cc, ChopBits).
    """
    limit, _ = _versioned(cursor, "pointer compression", POINTER_VERSION)
    width = trigrams.bit_length()
    high_width = min(
        range(min(width, limit) + 1), key=lambda high: (trigrams >> (width - high)) * 64 - (bigrams + 1) * high
    )
    begins = cursor.array("<u8", (trigrams >> (width - high_width)) + 1).astype(np.int64)
    cursor.skip(ALIGNMENT)
    return np.searchsorted(begins, np.arange(bigrams + 1), "right") - 1, width - high_width


def _parents(first_children: Numbers, children: int) -> Numbers:
    """The parent of each child, from the first child of each parent; the last entry is the end."""
    widths = np.diff(first_children)
    if first_children[0] != 0 or first_children[-1] != children or (widths < 0).any():
        raise ValueError("KenLM binary damaged: pointers that do not ascend from the first entry to the last")
    return np.repeat(np.arange(len(widths)), widths)


def _strings(stored: bytes, words: int) -> list[str]:
    """The words by number."""
    if not (stored.startswith(b"<unk>\0") and stored.endswith(b"\0") and stored.count(b"\0") == words):
        raise ValueError(f"KenLM binary damaged: its strings are not <unk> and {words - 1} words")
    return stored.decode().split("\0")[:-1]


def _without_unknown(words: list[str], unigrams: NDArray[Any], two: Bigrams, three: Trigrams) -> Ngrams:
    """The model without ``<unk>``, which is the word of number 0."""
    prob, backoff = _floats(unigrams["prob"]), _floats(unigrams["backoff"])
    number = np.arange(-1, len(words) - 1, dtype=np.int32)
    return arranged(
        words[1:],
        prob[1:],
        backoff[1:],
        two.take((two.first > 0) & (two.second > 0)).renumber(number),
        three.take((three.first > 0) & (three.second > 0) & (three.third > 0)).renumber(number),
        float(prob[0]),
    )


def _ids(numbers: Numbers, words: int) -> Ids:
    """Numbers of words, each below ``words``."""
    if len(numbers) and int(numbers.max()) >= words:
        raise ValueError(f"KenLM binary damaged: word {numbers.max()} of {words}")
    return numbers.astype(np.int32)


def _floats(stored: NDArray[Any]) -> Floats:
    """Stored as float64. Minus zero, KenLM's backoff of an n-gram that nothing extends, becomes zero (blank.hh)."""
    if not np.isfinite(stored).all():
        raise ValueError("KenLM binary damaged: a probability that is no number")
    return stored.astype(np.float64) + 0.0
