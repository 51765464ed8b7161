"""The packed file says what the model says."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from jiaokan.lexicon.model_file import map_tables
from jiaokan.lexicon.trigrams import NO_HISTORY, Trigrams
from model.__main__ import without_strays
from model.ngrams import Bigrams, Ngrams
from model.ngrams import Trigrams as Triples
from model.pack import pack

WORDS = ("的", "我", "我们", "问", "问题", "𠮷", "著", "着", "随着", "随著")


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


def small() -> Ngrams:
    two = Bigrams(
        ids(0, 1, 1, 2, 4),
        ids(4, 0, 2, 4, 0),
        np.array([-1.5, -1.0, -2.0, -0.75, -1.0]),
        np.array([0.0, 0.0, -0.5, -0.125, 0.0]),
    )
    three = Triples(ids(1, 1, 2), ids(2, 2, 4), ids(0, 4, 0), np.array([-0.5, -0.25, -0.5]))
    prob = np.array([-1.25, -1.5, -2.0, -3.0, -2.5, -6.0, -4.0, -2.25, -3.0, -5.0])
    return Ngrams(WORDS, prob, np.array([-0.5, -0.25, 0.0, 0.0, -0.125, 0.0, 0.0, 0.0, 0.0, 0.0]), two, three, -6.5)


def by_definition(ngrams: Ngrams, history: tuple[int, ...], word: int) -> float:
    """log10 of the probability of a word after up to two others, as ``Ngrams`` defines it."""
    two = {(u, w): (p, b) for u, w, p, b in zip(*map(list, ngrams.bigrams), strict=True)}
    three = {(u, v, w): p for u, v, w, p in zip(*map(list, ngrams.trigrams), strict=True)}
    if not history:
        return float(ngrams.prob[word])
    if len(history) == 1:
        found = two.get((history[0], word))
        return found[0] if found else ngrams.backoff[history[0]] + by_definition(ngrams, (), word)
    if (*history, word) in three:
        return three[*history, word]
    return two.get(history, (0, 0.0))[1] + by_definition(ngrams, history[1:], word)


@pytest.fixture
def packed(tmp_path: Path) -> Trigrams:
    path = tmp_path / "small"
    path.write_bytes(pack(small()))
    return Trigrams(map_tables(path))


def test_every_word_after_every_two_has_the_probability_of_the_model(packed: Trigrams) -> None:
    for words in itertools.product(range(len(WORDS)), repeat=3):
        history = NO_HISTORY
        for end, word in enumerate(words):
            price, history = packed.step(history, packed.word(WORDS[word]))
            assert price == pytest.approx(by_definition(small(), words[:end], word), abs=1e-4), words[: end + 1]


def test_what_is_no_word_has_no_number(packed: Trigrams) -> None:
    assert [packed.word(text) for text in ("", "们", "我们问", "问提")] == [0, 0, 0, 0]


def test_zhe_spelled_zhu_is_left_out_where_the_other_spelling_is_commoner() -> None:
    assert "随著" not in without_strays(small()).words
    assert "著" not in without_strays(small()).words  # 着 is commoner
    assert pack(without_strays(small())) != pack(small())


def test_the_same_model_gives_the_same_bytes() -> None:
    assert pack(small()) == pack(small())


@pytest.mark.parametrize("raw", [b"", b"jiaokan", b"x" * 400])
def test_another_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=r"language model|mmap"):
        map_tables(path)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(pack(small())[:-64])
    with pytest.raises(ValueError, match="cut short"):
        map_tables(path)


def test_a_trigram_whose_bigram_is_missing_is_refused() -> None:
    lone = Triples(ids(3), ids(3), ids(0), np.array([-0.5]))
    with pytest.raises(ValueError, match="not listed"):
        pack(Ngrams(WORDS, small().prob, small().backoff, small().bigrams, lone, -6.5))
