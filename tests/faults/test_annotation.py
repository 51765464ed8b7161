"""Readings: which a text must lose, which it keeps, and of which somebody has to be asked."""

from __future__ import annotations

import pytest

from jiaokan import Consent, Edit, Fault, Finding
from jiaokan.faults import annotation

STATION = (
    "去年社区又在桥头修建了一个凉亭，下雨的时(shí)候也有了躲雨的地方，"
    "附近的居民都喜欢到这里散步，老人坐在长椅上晒太阳。"
)
OFFICE = "市科(kē)技(jì)局的负责人(rén)介绍，电池的成本五年来降低了一半，续航里程也提高了不少。"
FARM = (
    "他们顽强地(dì)挑战贫困，用财力(lì)和双手(shǒu)摆脱本世纪最后的贫困，大(dà)步走向未来。"
    "我们衷心期盼，更多的好朋友关注这片土壤，献出一份爱，扶贫济困，让孩子们走进明亮的教室。"
)


def consents(text: str, *others: Finding) -> set[Consent]:
    return {finding.consent for finding in annotation.find(text, others)}


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


def put_back(before: str, after: str, consent: Consent = Consent.SUGGESTED) -> Finding:
    """What ``alignment`` found, or found and could not decide."""
    return Finding(Fault.ALIGNMENT, (Edit.at(100, before, after),), consent, 0.9, "")


def test_characters_that_a_table_would_have_and_nobody_would_explain_are_enough_together() -> None:
    assert consents(FARM) == {Consent.PROBABLE}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("手(shǒu)摆脱本世纪最后的贫困，大(dà)", "手摆脱本世纪最后的贫困，大"),  # two are no table
        ("大(dà)步走向未来", "大步走向未来，献(xiàn)礼"),  # it is bare below
        ("财力(lì)和双手(shǒu)摆", "财力和双手摆(bǎi)"),  # somebody may not know it
    ],
)
def test_with_fewer_or_rarer_characters_they_are_doubts_at_most(old: str, new: str) -> None:
    assert old in FARM
    assert consents(FARM.replace(old, new)) <= {Consent.SUGGESTED}


def test_without_tones_more_of_them_are_needed() -> None:
    toneless = FARM.translate(str.maketrans("ìǒà", "ioa"))
    assert consents(toneless) == {Consent.SUGGESTED}
    assert consents(toneless.replace("本", "本(ben)")) == {Consent.PROBABLE}


@pytest.mark.parametrize(
    ("cut", "others"),
    [
        ("當?shù)厣祥T", []),
        ("五年来(lai)(lai)", []),
        ("", [put_back("?shù)厣祥T", "地上門", Consent.CERTAIN)]),
        ("", [put_back("�(háng)У募喽街圃蓟", "效的監督制約")]),
        ("", [put_back("(bù)故潜冉鲜娣", "还是比较舒服")]),
        ("", [put_back(" ", "", Consent.PROBABLE)]),
        ("", [put_back("??焖俚馁J", "。快速的貸", Consent.PROBABLE)]),
    ],
)
def test_a_text_that_was_cut_open_was_not_annotated_by_hand(cut: str, others: list[Finding]) -> None:
    assert consents(OFFICE + cut, *others) == {Consent.PROBABLE}


@pytest.mark.parametrize(
    ("lost", "others"),
    [
        ("爸爸(ba)(ba)", []),
        ("朱?(róng)基", [put_back("?(róng)", "?(róng)")]),
        ("长至?(xī)下", [put_back("?(xī)下", "韵律")]),
        ("", [put_back(" ", "")]),
        ("", [put_back("?,", "，他")]),
    ],
)
def test_what_people_and_other_losses_leave_is_no_cut(lost: str, others: list[Finding]) -> None:
    assert consents(OFFICE + lost, *others) <= {Consent.SUGGESTED}


def test_the_table_may_have_a_seldom_reading_which_shows_on_a_page_that_was_cut_open() -> None:
    hotel = "房间(jiàn)的设施还(huán)可以，房间(jiàn)里还(huán)有一台旧电视。"
    assert consents(hotel) == set()
    assert consents(hotel + "當?shù)厣祥T") == {Consent.PROBABLE}


def test_readings_of_people_on_a_page_that_was_cut_open_are_doubts() -> None:
    assert consents("單(shàn)縣、樂(yuè)清容易讀錯。當?shù)厣祥T") == {Consent.SUGGESTED}


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
