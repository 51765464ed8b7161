"""Reading a KenLM binary: ``tiny.lm`` holds what went into it, and no other bytes pass for one."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from counted import TINY, grams

from model import kenlm
from model.ngrams import Ngrams

FILE = Path(__file__).with_name("tiny.lm").read_bytes()
ORDER, KIND, STRINGS, VERSION, COUNTS = 88, 96, 100, 104, 108  # where they stand


def changed(at: int, value: bytes) -> bytes:
    return FILE[:at] + value + FILE[at + len(value) :]


def test_what_went_in_comes_out() -> None:
    ngrams = kenlm.read(FILE)
    assert ngrams.words == TINY.words
    assert ngrams.unknown == pytest.approx(TINY.unknown, abs=1e-6)
    found, expected = list(grams(ngrams)), list(grams(TINY))
    assert [gram for gram, _, _ in found] == [gram for gram, _, _ in expected]
    np.testing.assert_allclose([v for _, *v in found], [v for _, *v in expected], rtol=0, atol=1e-6)


def test_types_and_signs_are_as_promised() -> None:
    ngrams = kenlm.read(FILE)
    two, three = ngrams.bigrams, ngrams.trigrams
    assert {c.dtype for c in (two.first, two.second, three.first, three.second, three.third)} == {np.dtype(np.int32)}
    floats = (ngrams.prob, ngrams.backoff, two.prob, two.backoff, three.prob)
    assert {c.dtype for c in floats} == {np.dtype(np.float64)}
    assert not any(np.signbit(c[c == 0]).any() for c in floats)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "no KenLM binary of version 5"),
        (b"\\data\\\nngram 1=3\n", "no KenLM binary of version 5"),
        (FILE.replace(b"version 5", b"version 4"), "no KenLM binary of version 5"),
        (FILE[:100], "cut short"),
        (FILE[:2000], "cut short"),
        (FILE[:-1], "strings are not <unk> and 45 words"),
        (changed(56, struct.pack(">f", 1.0)), "another kind of machine"),
        (changed(ORDER, b"\4"), "order 4, kind 5"),
        (changed(KIND, b"\2"), "order 3, kind 2"),
        (changed(VERSION, b"\2"), "version 2, with"),
        (changed(STRINGS, b"\0"), "without strings"),
        (changed(COUNTS + 8, struct.pack("<Q", 1 << 60)), "cut short"),
        (changed(136 + 8 + 8 * 46, b"\1"), "quantisation of version 1, expected 2"),
    ],
)
def test_any_other_file_is_refused_with_a_reason(file: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        kenlm.read(file)


def test_a_damaged_file_gives_a_model_or_a_value_error() -> None:
    rng, read = random.Random(1), 0
    for _ in range(2000):
        at = rng.randrange(len(FILE))
        damaged = changed(at, bytes([FILE[at] ^ 1 << rng.randrange(8)]))
        try:
            read += isinstance(kenlm.read(damaged), Ngrams)
        except ValueError as error:
            assert str(error)  # noqa: PT017
    assert 0 < read < 2000
