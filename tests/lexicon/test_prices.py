"""What characters cost that are not Han, and which brackets they leave open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.lexicon.prices import (
    AFTER_BOUND_WORD,
    CLOSES,
    CLOSES_NOTHING,
    COLON_AFTER_SPEECH,
    DIGIT_FIRST,
    LATIN_CHANGED,
    LATIN_NEXT,
    LETTER_FIRST,
    OTHER,
    QUESTION,
    SAME_AGAIN,
    ends_clause,
    mark_price,
    opened,
)


@pytest.mark.parametrize(
    ("likelier", "last"),
    [
        ("，。、：；", "题"),
        ("。·", "题"),
        ("，”", "题"),
        ("。”", "）"),
        ("“。", "，"),
        ("”，", "。"),
        ("\n，", "。"),
        ("！？", "！"),
        ("“，", "“"),
        ("，（", "A"),
        ("\n；", ""),
    ],
)
def test_behind_a_character_some_marks_are_likelier_than_others(likelier: str, last: str) -> None:
    prices = [mark_price(mark, last) for mark in likelier]
    assert prices == sorted(prices, reverse=True)
    assert len(set(prices)) == len(prices)


@pytest.mark.parametrize(("one", "other"), [(",", "，"), ("!", "！"), ("(", "（"), (":", "：")])
def test_marks_folded_to_ascii_are_the_same_marks(one: str, other: str) -> None:
    for last in "题，。（）A":
        assert mark_price(one, last) == mark_price(other, last)
    assert mark_price("。", one) == mark_price("。", other)
    assert opened(one, "") == opened(other, "")


@pytest.mark.parametrize(
    ("char", "last", "expected"),
    [
        ("：", "曰", COLON_AFTER_SPEECH),
        (":", "说", COLON_AFTER_SPEECH),
        ("！", "！", SAME_AGAIN["！"]),
        ("—", "—", SAME_AGAIN["—"]),
        ("A", "题", LETTER_FIRST),
        ("3", "题", DIGIT_FIRST),
        ("p", "A", LATIN_NEXT),
        ("D", "V", LATIN_NEXT),
        ("F", "o", LATIN_CHANGED),
        ("1", "A", LATIN_CHANGED),
        ("A", "", LETTER_FIRST),
        ("Ж", "题", OTHER),
    ],
)
def test_some_places_have_prices_of_their_own(char: str, last: str, expected: float) -> None:
    assert mark_price(char, last) == expected


def test_what_a_place_adds_to_the_price_of_a_mark() -> None:
    assert mark_price("，", "在") == mark_price("，", "题") + AFTER_BOUND_WORD
    assert mark_price("“", "在") == mark_price("“", "题")
    assert mark_price("”", "题", "“") == pytest.approx(mark_price("”", "题") - CLOSES_NOTHING + CLOSES)
    assert mark_price("”", "题", "“（") == mark_price("”", "题")
    assert mark_price("？", "活", "", True) == mark_price("？", "活") + QUESTION
    assert mark_price("\n", "、") < mark_price("\n", "，")
    assert mark_price("\n", "题", "“") < mark_price("\n", "题")


@given(st.text("“”（）《》「」()\n。题", max_size=12))
def test_closing_what_was_opened_leaves_what_was_open_before(text: str) -> None:
    pending = ""
    for char in text:
        pending = opened(char, pending)
    if len(pending) < 3:
        assert opened("》", opened("《", pending)) == pending
    assert opened("\n", pending) == ""


def test_clauses_end_at_marks_and_lines_not_at_brackets() -> None:
    assert [char for char in "，。、！？；：,.!?;:\n“”（）·—" if not ends_clause(char)] == list(".“”（）·—")
