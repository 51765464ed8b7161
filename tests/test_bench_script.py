"""The bench of the script: what counts as clean and as wrong, and OpenCC's own cases."""

from __future__ import annotations

import pytest

from bench.corpus import CACHE
from bench.tasks.script import ALL_ZHU, is_simplified, trips_of, wrong_places
from bench.tasks.script_cases import REASONS, cases, got
from jiaokan.lexicon.wordlists import REGIONAL_FILE
from model.regional import words


def test_text_is_simplified_although_it_has_characters_that_t2s_changes() -> None:
    assert is_simplified("乾隆、尉迟、樊於期")
    assert not is_simplified("以後")
    assert not is_simplified("現代")


def test_differences_are_places_of_the_wanted_text() -> None:
    assert wrong_places("甲乙丙", "甲丁丙") == [1]
    assert wrong_places("甲乙丙丁", "甲丁") == [1]
    assert wrong_places("甲", "甲") == []


def test_each_way_is_counted_for_everybody() -> None:
    trips = {trip.way: trip for trip in trips_of(("news", "随着显著的发展"))}
    assert trips.keys() == {"s2t", "s2tw", "s2hk", ALL_ZHU}
    assert {trip.particles for trip in trips.values()} == {2}
    assert trips["s2tw"].wrong == {"jiaokan": 0, "t2s": 1, "tw2s": 0, "hk2s": 1}


@pytest.mark.skipif(not list(CACHE.glob("opencc-*")), reason="OpenCC's source distribution is not in the bench's cache")
def test_the_cases_that_come_out_otherwise_are_those_with_a_reason() -> None:
    otherwise = {case.label for case in cases() if got(case) != case.want}
    assert otherwise == REASONS.keys()


@pytest.mark.skipif(not list(CACHE.glob("opencc-*")), reason="OpenCC's source distribution is not in the bench's cache")
def test_the_shipped_words_are_those_of_the_source_distribution() -> None:
    (archive,) = CACHE.glob("opencc-*")
    assert "".join(sorted(set(words(archive)))) == REGIONAL_FILE.read_text("utf-8")
