"""The packed language model: the layout of its file, and how it is opened.

The file is mapped into memory and used where it lies: opening it reads the header, and only the pages that are looked
up become resident. It begins with ``MAGIC`` and a header of little-endian 64-bit numbers, the number of entries of
each table in the order of ``TABLES``; the tables follow, each at the next multiple of eight bytes. ``model/pack.py``
writes it.

The words form a trie in breadth-first order. A node is numbered by its place, the root is 0, the children of a node
follow one another, and a word is named by the number of its last node.
"""

from __future__ import annotations

import mmap
import struct
import sys
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

MAGIC: Final = b"jiaokan trigrams 1\n".ljust(24)
SHIPPED: Final = Path(__file__).with_name("data") / "zh.trigrams"

# log10 of probabilities and weights are stored negated, in 16 bits, as multiples of one eight-thousandth: all are
# between 0 and 8, and what is lost is less than a ten-thousandth.
FIXED_POINT: Final = 8000
# An n-gram is one number: the word it ends in, and in the low eight bits the level of its probability.
LEVEL_BITS: Final = 8
LEVELS: Final = 1 << LEVEL_BITS

_ALIGNED: Final = 8
_SIZES: Final[dict[str, int]] = {"H": 2, "I": 4, "Q": 8, "f": 4}


class Tables(NamedTuple):
    """The tables of the model, each a flat array; "(n)" is a word or node number, "(b)" a bigram's place.

    Attributes:
        characters: the last character of node (n), as a code point.
        children: where the children of node (n) begin; one entry more than there are nodes.
        unigrams: log10 p of word (n), fixed point; 0 if the node is no word.
        weights: the back-off weight of word (n), fixed point.
        rows: where the bigrams that begin with word (n) begin in ``bigrams``; one entry more than nodes.
        bigrams: second word and level, ascending in each row.
        bigram_levels: log10 p of each level.
        contexts: one bit for each bigram (b), lowest first: whether trigrams begin with it.
        ranks: how many contexts there are before each 64 bits of ``contexts``.
        context_weights: the back-off weight of each context, fixed point.
        context_rows: where the trigrams of each context begin in ``trigrams``; one entry more than contexts.
        trigrams: third word and level, ascending in each row.
        trigram_levels: log10 p of each level.
        han: the characters of all words, ascending code points.
        shares: log10 of the share of each of ``han`` in running text, fixed point.
    """

    characters: memoryview[int]
    children: memoryview[int]
    unigrams: memoryview[int]
    weights: memoryview[int]
    rows: memoryview[int]
    bigrams: memoryview[int]
    bigram_levels: memoryview[float]
    contexts: memoryview[int]
    ranks: memoryview[int]
    context_weights: memoryview[int]
    context_rows: memoryview[int]
    trigrams: memoryview[int]
    trigram_levels: memoryview[float]
    han: memoryview[int]
    shares: memoryview[int]


# The type of each table in turn, as ``memoryview`` names it.
_Type = Literal["H", "I", "Q", "f"]
TYPES: Final[tuple[_Type, ...]] = ("I", "I", "H", "H", "I", "I", "f", "Q", "I", "H", "I", "I", "f", "I", "H")
_HEADER: Final = struct.Struct(f"<{len(MAGIC)}s{len(TYPES)}Q")


def map_tables(path: Path = SHIPPED) -> Tables:
    """The tables of the model at ``path``, mapped into memory.

    Raises:
        ValueError: the file is not a packed model, or the machine is big-endian.
        OSError: the file cannot be read.
    """
    if sys.byteorder != "little":
        raise ValueError("the language model is little-endian, this machine is not")
    with path.open("rb") as file:
        raw = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if len(raw) < _HEADER.size or bytes(raw[: len(MAGIC)]) != MAGIC:
        raise ValueError(f"{path} is not a packed language model")
    _, *lengths = _HEADER.unpack_from(raw)
    found: list[Any] = []
    at = aligned(_HEADER.size)
    for code, length in zip(TYPES, lengths, strict=True):
        end = at + length * _SIZES[code]
        if end > len(raw):
            raise ValueError(f"{path} is cut short: {len(raw)} bytes")
        found.append(raw[at:end].cast(code))
        at = aligned(end)
    return Tables(*found)


def header(lengths: list[int]) -> bytes:
    """The first bytes of a file whose tables have these lengths, up to where the first table begins."""
    return _HEADER.pack(MAGIC, *lengths).ljust(aligned(_HEADER.size), b"\0")


def aligned(offset: int) -> int:
    """The next place at which a table may begin.

    >>> aligned(8), aligned(9)
    (8, 16)
    """
    return -(-offset // _ALIGNED) * _ALIGNED
