"""Which of several texts is likeliest: what the questions that faults ask of the lexicon promise."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon import START, score_per_character
from jiaokan.lexicon.model import REACH, char_price, fill_gap, rank, word_price
from jiaokan.lexicon.trigrams import trigrams


def test_an_empty_text_is_neither_plausible_nor_implausible() -> None:
    assert score_per_character("") == score_per_character("", "催收问", "也日益凸显") == 0.0


@given(st.text(max_size=20), st.text(max_size=4), st.text(max_size=4))
def test_any_text_has_a_plausibility(text: str, before: str, after: str) -> None:
    assert math.isfinite(score_per_character(text, before, after))
    assert score_per_character(text, before, after) <= 0.0


@pytest.mark.parametrize("char", ["𠀀", "\ud800", "\U0010ffff", "", "龘靐"])
def test_what_no_word_has_is_no_word_and_has_no_share(char: str) -> None:
    assert word_price(char) is None
    assert len(char) != 1 or char_price(char) is None


def test_only_whole_words_have_a_price() -> None:
    assert [word_price(text) for text in ("问提", "们们", "问题A", " 问题")] == [None] * 4
    assert 0 > (word_price("的") or 0) > (word_price("问题") or 0) > (word_price("饕餮") or 0)


def test_a_commoner_character_has_a_greater_share() -> None:
    shares = [char_price(char) or -99 for char in "的问础龉"]
    assert shares == sorted(shares, reverse=True)
    assert max(shares) < 0


def test_the_shares_of_all_characters_add_up_to_one() -> None:
    shares = (char_price(chr(code)) for code in trigrams().tables.han)
    assert sum(10**share for share in shares if share is not None) == pytest.approx(1.0, abs=0.01)


def test_ranking_keeps_every_text_once_and_puts_the_likeliest_first() -> None:
    texts = ["题", "鹿", "题", "提", ""]
    choices = rank(texts, "催收问", "也日益凸显")
    assert sorted(choice.text for choice in choices) == sorted(set(texts))
    assert [choice.score for choice in choices] == sorted((c.score for c in choices), reverse=True)
    assert choices[0].text == "题"


def test_of_equal_texts_the_first_one_stays_first() -> None:
    assert [choice.text for choice in rank(["𠀀", "𠀁", "𠀂"])] == ["𠀀", "𠀁", "𠀂"]
    assert [choice.text for choice in rank(["𠀂", "𠀁", "𠀀"])] == ["𠀂", "𠀁", "𠀀"]


def test_a_score_is_that_of_the_whole_and_plausibility_that_of_a_character() -> None:
    [choice] = rank(["问题"], "催收", "也")
    assert score_per_character("问题", "催收", "也") == pytest.approx(choice.score / 2)
    assert choice.score == pytest.approx(START.extend("催收问题也").score - START.extend("催收").score)


def test_neighbours_are_looked_at_as_far_as_the_model_reaches() -> None:
    near, far = "在处理这类的催收问" * 2, "，天下大乱"
    assert len(near) > REACH
    assert rank(["题"], far + near, near + far) == rank(["题"], near, near)
    assert rank(["题"], near[-1:], near) != rank(["题"], "", near) != rank(["题"])


def test_without_candidates_nothing_is_chosen() -> None:
    assert rank([]) == []
    assert fill_gap("催收问", "也日益凸显", ()) == ()


def test_a_dropped_word_is_chosen_by_what_stands_around_it() -> None:
    words = ("题", "电话", "方法")
    assert fill_gap("催收问", "也日益凸显", words)[0].text == "题"
    assert fill_gap("他打", "给借款人", words)[0].text == "电话"
