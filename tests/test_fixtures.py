"""The corpus, case by case: damaged texts become clean, clean texts come back as they are."""

from __future__ import annotations

from functools import reduce

import pytest

from jiaokan import Repair, Round, apply, invert, repair
from stories import CLEAN, DAMAGED, ROOT, UNSOLVED, Case, cases, damaged

broken = pytest.mark.parametrize("case", damaged(), ids=str)
sound = pytest.mark.parametrize("case", cases(CLEAN), ids=str)


def holds_the_laws(result: Repair) -> None:
    """The account of a repair is true: it replays forwards, backwards and round by round."""
    source = result.source.text
    assert apply(source, result.edits) == result.text
    assert apply(result.text, invert(result.edits)) == source
    assert tuple(change.edit for change in result.changes) == result.edits
    assert replay(source, result.rounds) == result.text


def replay(text: str, rounds: tuple[Round, ...]) -> str:
    return reduce(lambda state, each: apply(state, each.edits), rounds, text)


def test_every_folder_is_read() -> None:
    assert {path.name for path in ROOT.iterdir() if path.is_dir()} == {*DAMAGED, CLEAN, UNSOLVED}
    assert len(cases("seeds")) == 5
    assert all(len(cases(folder)) >= 10 for folder in DAMAGED if folder != "seeds")


def test_no_neighbour_is_forgotten() -> None:
    for text in ROOT.rglob("*.txt"):
        assert text.with_name(text.name.partition(".")[0] + ".toml").exists(), text


def test_clean_texts_outweigh_damaged_ones() -> None:
    assert len(cases(CLEAN)) >= max(120, len(damaged()))
    assert all(case.source == case.clean and not case.faults for case in cases(CLEAN))


def test_every_case_says_where_it_was_found() -> None:
    every = [case for folder in (*DAMAGED, CLEAN, UNSOLVED) for case in cases(folder)]
    assert [str(case) for case in every if case.origin is None] == []
    assert sum(case.origin == "unnamed" for case in every) <= 15


def test_a_hundred_cases_were_found_in_public_places() -> None:
    public = [case for case in (*damaged(), *cases(CLEAN)) if case.origin == "public"]
    assert len(public) >= 100
    assert len({case.found for case in public}) >= 80


@broken
def test_a_damaged_text_becomes_clean(case: Case) -> None:
    result = repair(case.source, **case.options)
    assert result.text == case.clean
    assert {each.fault for each in result.rounds} == case.faults
    holds_the_laws(result)


@broken
def test_repairing_twice_changes_nothing_more(case: Case) -> None:
    once = repair(case.source, **case.options)
    twice = repair(once.text, **case.options)
    assert twice.edits == ()
    assert twice.text is once.text


@broken
def test_a_clean_text_stays(case: Case) -> None:
    again = repair(case.clean, **case.options)
    assert again.edits == ()
    assert again.text is case.clean


@broken
@pytest.mark.parametrize(("codec", "declared"), [("utf-8", None), ("utf-8", "utf-8"), ("gb18030", "gb18030")])
def test_bytes_give_the_same_text(case: Case, codec: str, declared: str | None) -> None:
    raw = case.source.encode(codec)
    assert raw.decode(codec) == case.source
    result = repair(raw, **{**case.options, "charset": declared})
    assert result.source.raw is raw
    assert result.source.losses == ()
    assert result.text == case.clean
    holds_the_laws(result)


@sound
def test_a_sound_text_comes_back_as_the_same_object(case: Case) -> None:
    result = repair(case.source, **case.options)
    assert result.edits == ()
    assert result.rounds == ()
    assert result.text is case.source


@sound
@pytest.mark.parametrize(("codec", "declared"), [("utf-8", None), ("gb18030", "gb18030")])
def test_a_sound_text_comes_back_from_bytes(case: Case, codec: str, declared: str | None) -> None:
    result = repair(case.source.encode(codec), **{**case.options, "charset": declared})
    assert result.text == case.source
    assert result.edits == ()


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=str(case), marks=pytest.mark.xfail(strict=True, reason=case.reason))
        for case in cases(UNSOLVED)
    ],
)
def test_an_unsolved_case_is_still_unsolved(case: Case) -> None:
    assert repair(case.source, **case.options).text == case.clean
