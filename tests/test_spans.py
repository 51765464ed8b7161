"""Spans against a plain oracle: the set of code points and boundaries that each span holds."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.edits import Span
from jiaokan.spans import Spans

LENGTH = 12
TEXT = "零一二三四五六七八九十百"
span = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(sorted).map(lambda pair: Span(*pair))
several = st.lists(span, max_size=8)


def points(*spans: Span) -> set[float]:
    """What the spans hold: ``at + 0.5`` is the code point at ``at``, ``at`` the boundary before it."""
    return {
        point / 2 for start, end in spans for point in (range(2 * start + 1, 2 * end) if start < end else (2 * start,))
    }


def code_points(spans: Iterable[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


@given(several)
def test_they_are_in_order_and_hold_what_was_given(given_spans: list[Span]) -> None:
    made = [*Spans(given_spans)]
    assert made == sorted(made)
    assert len(made) == len(Spans(given_spans))
    assert points(*made) == points(*given_spans)


@given(several)
def test_no_two_overlap(given_spans: list[Span]) -> None:
    made = [*Spans(given_spans)]
    assert sum(len(points(each)) for each in made) == len(points(*made))


@given(several)
def test_only_what_overlaps_is_merged(given_spans: list[Span]) -> None:
    """Each boundary between two code points of a span is inside one that was given, or two of those share a point."""
    for made in Spans(given_spans):
        within = [each for each in given_spans if points(each) <= points(made)]
        reached = points(within[0])
        for _ in within:
            reached |= set().union(*(points(each) for each in within if points(each) & reached))
        assert reached == points(made)


@given(several)
def test_merging_twice_changes_nothing(given_spans: list[Span]) -> None:
    once = [*Spans(given_spans)]
    assert [*Spans(once)] == once


@given(several, span)
def test_what_overlaps_shares_a_point(given_spans: list[Span], asked: Span) -> None:
    assert Spans(given_spans).overlaps(asked) == bool(points(*given_spans) & points(asked))


@given(several, st.integers(0, LENGTH))
def test_what_is_covered_is_a_code_point_of_a_span(given_spans: list[Span], at: int) -> None:
    assert Spans(given_spans).covers(at) == (at in code_points(given_spans))


@given(several, span)
def test_the_parts_outside_are_what_is_left(given_spans: list[Span], asked: Span) -> None:
    spans, parts = Spans(given_spans), [*Spans(given_spans).parts_outside(asked)]
    assert code_points(parts) == code_points([asked]) - code_points(given_spans)
    assert not any(spans.overlaps(part) for part in parts)
    assert parts == [asked] or all(start < end for start, end in parts)


@given(several)
def test_a_mask_is_as_long_as_its_text(given_spans: list[Span]) -> None:
    covered = code_points(given_spans)
    expected = "".join("\0" if at in covered else char for at, char in enumerate(TEXT))
    assert Spans(given_spans).mask(TEXT) == expected
    assert len(Spans(given_spans).mask(TEXT[:5])) == 5


def test_a_text_without_spans_is_not_copied() -> None:
    assert Spans().mask(TEXT) is TEXT


@pytest.mark.parametrize("wrong", [(-1, 2), (3, 2)])
def test_what_is_no_span_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span goes from"):
        Spans([(0, 1), wrong])
