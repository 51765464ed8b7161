"""Facts about the tables that the design rests on."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon import START, score_per_character
from jiaokan.lexicon.languages import foreign
from jiaokan.lexicon.pinyin import find_inserted_readings, readings
from jiaokan.lexicon.variants import convert, convertible, differs_by_script, simplify, traditional_forms


def test_t2s_keeps_the_length_of_every_character() -> None:
    assert all(len(convert(char, "t2s")) == 1 for char in convertible())


def test_simplifying_by_character_and_its_inverse_agree() -> None:
    assert all(char in traditional_forms(simplify(char)) for char in convertible())
    assert all(map(differs_by_script, convertible()))


@pytest.mark.parametrize(
    ("real", "garbled"),
    [
        ("当地上门催收", "?shù)厣祥T催收"),
        ("日常生活中不可或缺", "粘I钪胁豢苫蛉"),
        ("快速的贷款", "??焖俚馁J款"),
        ("孔明笑道", "孔明笑搗"),
    ],
)
def test_real_text_is_more_plausible_than_garbled_text(real: str, garbled: str) -> None:
    assert score_per_character(real) > score_per_character(garbled)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_can_be_scored_in_parts(one: str, other: str) -> None:
    assert START.extend(one).extend(other) == START.extend(one + other)


def test_both_scripts_are_equally_plausible() -> None:
    assert score_per_character("現代金融環境") == score_per_character("现代金融环境")


def test_zhu_and_zhe_are_told_apart_by_their_words() -> None:
    assert score_per_character("土著") > score_per_character("土着")
    assert START.extend("随着", literal=True).score > START.extend("随著", literal=True).score


def test_readings_carry_their_tones() -> None:
    assert readings("數") >= {"shù", "shǔ"}
    assert readings("☃") == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("現(xiàn)代", [("xiàn", True)]),
        ("絡(luò )", [("luò", True)]),
        ("現（xiàn）代", [("xiàn", True)]),
        ("現(xiàn)(xiàn)代", [("xiàn", True)]),
        ("當\ufffd(shù)厣", [("shù", False)]),
        ("當shù)厣", [("shù", False)]),
        ("重庆(Chóngqìng)", []),
        ("see (also this)", []),
    ],
)
def test_a_reading_is_seen_in_every_form_pages_show(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [(mark.reading, mark.whole) for mark in find_inserted_readings(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他說「東京へようこそ。」，走了。", ["「東京へようこそ。」"]),
        ("東京都は日本の首都です。「東京都」と言った。", ["東京都は日本の首都です。", "「東京都」と言った。"]),
        ("優の良品很好吃。", []),
        ("대한민국(大韓民國)의 수도", ["대한민국(大韓民國)의 수도"]),
        ("第4章 互換性の問題\n本文はここにあります。", ["第4章 互換性の問題", "本文はここにあります。"]),
    ],
)
def test_foreign_passages_are_told_sentence_by_sentence(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in foreign(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("好看。カット。髪型。然後我們就回家了，問題很多，大家都說很好看。", ["カット。", "髪型。"]),
        ("ナ?髪?的的的顱", ["ナ?", "髪?"]),
        ("「アニメ」我們。沢山「カット」的。", ["「アニメ」", "沢山「カット」的。"]),
    ],
)
def test_foreign_sentences_beside_one_another_are_told_apart(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in foreign(text)] == expected


@given(st.text(st.sampled_from("ナの髪沢的們顱。?\n「」『』（）a\0"), max_size=30))
def test_a_mask_of_foreign_passages_is_as_long_as_the_text(text: str) -> None:
    spans = [*foreign(text)]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert len(foreign(text).mask(text)) == len(text)


def test_many_foreign_passages_take_no_longer_each_than_few() -> None:
    text = "「アニメ」我們。カット。" * 20_000  # one look at every pair of them would take a minute
    began = time.process_time()
    assert len(foreign(text)) == 40_000
    assert time.process_time() - began < 10
