"""Readings: which a text must lose, which it keeps, and of which somebody has to be asked."""

from __future__ import annotations

import pytest

from jiaokan import Consent, Fault
from jiaokan.faults import annotation

STATION = (
    "去年社区又在桥头修建了一个凉亭，下雨的时(shí)候也有了躲雨的地方，"
    "附近的居民都喜欢到这里散步，老人坐在长椅上晒太阳。"
)
OFFICE = "市科(kē)技(jì)局的负责人(rén)介绍，电池的成本五年来降低了一半，续航里程也提高了不少。"


def consents(text: str, *applied: Fault) -> set[Consent]:
    return {finding.consent for finding in annotation.find(text, applied)}


def test_what_nobody_would_annotate_is_probable_even_alone() -> None:
    assert consents(STATION) == {Consent.PROBABLE}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(shí)", "(shi)"),  # any Latin word may look like this
        ("时(shí)候", "时候(hòu)"),  # no other form
        ("时(shí)候", "年头(tóu)"),  # also read tou
        ("凉亭", "凉亭，当时"),  # bare elsewhere
        ("，附近的居民都喜欢到这里散步，老人坐在长椅上晒太阳", ""),  # may be an example of a list
        ("凉亭", "凉亭读音"),
    ],
)
def test_otherwise_a_lone_reading_in_simplified_text_is_a_doubt_at_most(old: str, new: str) -> None:
    assert old in STATION
    assert consents(STATION.replace(old, new)) <= {Consent.SUGGESTED}


def test_characters_with_no_other_form_are_doubted_where_there_are_few() -> None:
    assert consents(OFFICE) == {Consent.SUGGESTED}


@pytest.mark.parametrize("applied", [(), (Fault.ALIGNMENT,)])
def test_a_text_that_was_cut_open_was_not_annotated_by_hand(applied: tuple[Fault, ...]) -> None:
    cut = OFFICE if applied else OFFICE + "當?shù)厣祥T"
    assert consents(cut, *applied) == {Consent.PROBABLE}


def test_a_character_that_is_read_as_its_traditional_form_is_of_the_table() -> None:
    text = (
        "老先生指着(zhù)墙上的旧地图，说(shuō)着(zhù)民国时(shí)期的故事，孩子们听着(zhù)听着(zhù)就睡着(zhù)了，"
        "谁也没说(shuō)话，只有炉火噼啪作响。"
    )
    findings = annotation.find(text)
    assert {finding.consent for finding in findings} == {Consent.PROBABLE}
    assert [finding.edits[0].before for finding in findings].count("(zhù)") == 5


def test_one_character_at_many_places_is_enough_without_tones() -> None:
    thrice = "他的書(shu)房里堆滿了舊書(shu)，桌上都是書(shu)。"
    assert consents(thrice) == {Consent.PROBABLE}
    assert consents(thrice.replace("桌上都是書(shu)", "桌上也是")) == {Consent.SUGGESTED}
