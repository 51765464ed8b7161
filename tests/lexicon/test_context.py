"""The end of a text as the lexicon sees it: which character it takes for which, and what marks cost where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon.model import MOST_HISTORIES, RARE_HAN, START
from jiaokan.lexicon.prices import OTHER
from jiaokan.lexicon.variants import simplified_forms


def cost(before: str, char: str) -> float:
    """log10 of the probability of ``char`` behind ``before``."""
    context = START.extend(before)
    return context.extend(char).score - context.score


@pytest.mark.parametrize(("old", "new"), [("隨著", "随着"), ("土著", "土著"), ("乾淨", "干净"), ("乾隆", "乾隆")])
def test_a_character_with_two_heirs_counts_as_the_one_that_reads_best(old: str, new: str) -> None:
    assert START.extend(old).score == START.extend(new, literal=True).score


@pytest.mark.parametrize("text", ["隨著", "现著", "瞭解", "徵求"])
def test_literally_a_character_is_what_it_is(text: str) -> None:
    assert START.extend(text, literal=True).score < START.extend(text).score


@given(st.text("隨随著着乾干瞭了土的，a", max_size=12))
def test_no_text_reads_better_literally(text: str) -> None:
    assert START.extend(text, literal=True).score <= START.extend(text).score


def test_a_word_can_be_likelier_than_its_beginning() -> None:
    assert START.extend("葡萄").score > START.extend("葡").score


@given(st.text("的是人問題著乾中国共和", max_size=20))
def test_few_histories_are_followed_and_the_best_of_them_is_the_score(text: str) -> None:
    context = START.extend(text)
    assert 1 <= len(context.paths) <= MOST_HISTORIES
    assert context.score == context.paths[0][1] == max(score for _, score in context.paths)


@pytest.mark.parametrize("text", ["a", "。", "あ", "\ue000"])
def test_what_is_not_han_breaks_the_line_of_words(text: str) -> None:
    assert START.extend("问" + text).open == ()
    assert cost("问" + text, "题") == pytest.approx(cost("题" + text, "题"))


@pytest.mark.parametrize("char", ["𠀀", "𪚥", "㐀", "﨎"])
def test_han_that_is_in_no_word_has_one_price(char: str) -> None:
    assert START.extend(char).score == RARE_HAN
    assert len(START.extend(char * 3).paths) == 1


@pytest.mark.parametrize("char", ["\ud800", "\ue000", "Ж", "ㄅ", "\x00", "\U0010ffff"])
def test_what_is_no_character_of_chinese_text_has_the_lowest_price_of_all_but_rare_han(char: str) -> None:
    assert cost("问题", char) == OTHER


def test_the_last_character_is_remembered_simplified() -> None:
    assert [START.extend(text).last for text in ("", "問", "a", "𠀀")] == ["", "问", "a", "𠀀"]
    assert START.extend("隨著").last in simplified_forms()["著"]


@pytest.mark.parametrize(
    ("before", "char", "worse"),
    [
        ("他说：“问题", "”", "他说问题"),
        ("他说：“问题。", "”", "他说问题。"),
        ("（问题", "）", "问题"),
        ("“（问题）", "”", "“（问题"),
        ("怎么活", "？", "不好活"),
        ("你问谁", "？", "谁来了，你问了"),
    ],
)
def test_a_mark_costs_less_where_the_text_before_calls_for_it(before: str, char: str, worse: str) -> None:
    assert cost(before, char) > cost(worse, char) + 1


def test_brackets_are_forgotten_at_the_end_of_a_line() -> None:
    assert START.extend("他说：“（问题").pending == "“（"
    assert START.extend("他说：“（问题\n").pending == ""
    assert not START.extend("怎么活？").asks


def test_contexts_do_not_change_when_they_are_extended() -> None:
    before = START.extend("催收问")
    kept = before._replace()
    assert before.extend("题") != before.extend("提")
    assert before == kept
    assert before.extend("") is before
