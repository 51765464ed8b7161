"""The laws of the edit algebra, each against an oracle that follows single code points."""

from __future__ import annotations

import pickle
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.edits import Edit, Span, apply, compose, invert, locate, merge

LETTERS = "ab題(é)\U00020000"


@st.composite
def edited(draw: st.DrawFn, text: str | None = None) -> tuple[str, tuple[Edit, ...]]:
    """A text and edits that apply to it."""
    source = draw(st.text(LETTERS, max_size=12)) if text is None else text
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return source, tuple(Edit.at(a, source[a:b], draw(st.text(LETTERS, max_size=3))) for a, b in spans)


@st.composite
def edited_twice(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...], tuple[Edit, ...]]:
    source, first = draw(edited())
    _, second = draw(edited(text=apply(source, first)))
    return source, first, second


def origins(text: str, edits: tuple[Edit, ...]) -> list[tuple[str, Span]]:
    """The oracle: each code point of the new text with the stretch of the old text it came from."""
    out, done = [], 0
    for edit in edits:
        out += [(text[i], Span(i, i + 1)) for i in range(done, edit.span.start)]
        out += [(c, edit.span) for c in edit.after]
        done = edit.span.end
    return out + [(text[i], Span(i, i + 1)) for i in range(done, len(text))]


@given(edited())
def test_apply_agrees_with_the_oracle(case: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = case
    assert apply(text, edits) == "".join(c for c, _ in origins(text, edits))


@given(edited())
def test_inverting_undoes(case: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = case
    assert apply(apply(text, edits), invert(edits)) == text
    assert invert(invert(edits)) == edits


@given(edited_twice())
def test_composing_chains(case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    text, first, second = case
    both = compose(first, second)
    assert apply(text, both) == apply(apply(text, first), second)
    assert apply(apply(text, both), invert(both)) == text


@given(edited_twice())
def test_merging_accounts_for_every_edit_once(case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    _, first, second = case
    merged = list(merge(first, second))
    assert sum(ones for _, ones, _ in merged) == len(first)
    assert sum(others for _, _, others in merged) == len(second)


@given(edited())
def test_composing_with_the_inverse_changes_nothing(case: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = case
    assert apply(text, compose(edits, invert(edits))) == text


@given(edited(), st.data())
def test_locating_holds_all_that_became_of_a_place(case: tuple[str, tuple[Edit, ...]], data: st.DataObject) -> None:
    text, edits = case
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    new = locate(edits, Span(start, end))
    came_from = origins(text, edits)
    assert 0 <= new.start <= new.end <= len(came_from)
    for i, (_, origin) in enumerate(came_from):
        overlaps = max(origin.start, start) < min(origin.end, end)
        inside = origin.start == origin.end and start < origin.start < end
        assert (new.start <= i < new.end) == (overlaps or inside) or (
            start == end and origin.start < start < origin.end
        )


def test_adjacent_edits_stay_apart() -> None:
    removed = (Edit.at(1, "(xiàn)", ""),)
    converted = (Edit.at(0, "現", "现"), Edit.at(1, "電", "电"))
    assert compose(removed, converted) == (Edit.at(0, "現", "现"), *removed, Edit.at(7, "電", "电"))


@pytest.mark.parametrize(
    "edits",
    [
        [Edit.at(0, "b", "")],
        [Edit.at(1, "b", ""), Edit.at(0, "a", "")],
        [Edit.at(0, "ab", ""), Edit.at(1, "b", "")],
        [Edit.at(2, "c", "")],
    ],
)
def test_edits_that_do_not_fit_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="does not apply"):
        apply("ab", edits)


@given(edited_twice())
def test_an_edit_that_meets_nothing_stays_as_it_is(case: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    _, first, second = case
    left = iter(first)
    for edit, ones, others in merge(first, second):
        of_first = [*islice(left, ones)]
        assert others or (ones == 1 and edit is of_first[0])
        assert ones or others == 1


def test_a_deletion_inside_a_replacement_becomes_part_of_it() -> None:
    removed, converted = (Edit.at(1, "(wǎng)", ""),), (Edit.at(0, "網絡", "网络"),)
    assert compose(removed, converted) == (Edit.at(0, "網(wǎng)絡", "网络"),)
    assert compose(invert(converted), invert(removed)) == (Edit.at(0, "网络", "網(wǎng)絡"),)


def test_edits_that_do_not_follow_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot stand in the same place"):
        compose([Edit.at(0, "網", "网")], [Edit.at(0, "網", "")])


@given(edited())
def test_edits_can_be_sent_to_another_process(case: tuple[str, tuple[Edit, ...]]) -> None:
    _, edits = case
    assert pickle.loads(pickle.dumps(edits)) == edits
    assert all(type(edit) is Edit for edit in pickle.loads(pickle.dumps(edits)))


def test_an_edit_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot start"):
        Edit.at(-1, "a", "")
