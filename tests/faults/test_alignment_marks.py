"""The second rule: blanks that it left before marks, and cuts that it made where no reading gives them away."""

from __future__ import annotations

import pytest

from forward import EVERY_MARK, page
from jiaokan import Consent, repair
from jiaokan.edits import Edit
from jiaokan.faults import alignment
from jiaokan.faults.alignment.traces import ENOUGH_BLANKS, UNSEEN_DENIED, Page, blanks

FILM = "那天下了小雨，导演很高兴。他说，这样的光线最适合这场戏；演员们也觉得，雨声让人安静。"
HOME = "这就是他临走时说的一句话。“那么多年过去了，村里人还记得。”老人说着就哭了，孩子们也不说话了。"
FAN = "经过试用，这种电风扇的声音太小；放在卧室里，整个晚上都不会吵醒孩子。"


def shown(text: str) -> list[tuple[str, str]]:
    """The findings in a text, as what stands there and what should."""
    return [(edit.before, edit.after) for finding in alignment.find(text) for edit in finding.edits]


@pytest.mark.parametrize("folding", ["none", "width"])
@pytest.mark.parametrize("marks", ["，", "。", "，。；", "，。！？；："])
def test_a_page_with_a_blank_before_all_of_a_mark_has_them_from_the_rule(marks: str, folding: str) -> None:
    text = page(FILM, controls=dict.fromkeys(marks, "\x06"), blank=True, folding=folding).text
    assert blanks(text)[0] == [at for at, char in enumerate(text) if char == " "] != []


def test_a_page_without_the_rule_has_no_blanks_of_it() -> None:
    assert blanks(page(FILM).text) == ([], 0)


@pytest.mark.parametrize(
    "text",
    [
        "常用的 ,通過電話提醒,或者,上門拜訪,都可以",
        "外婆说枣树和她同岁 。她每年打枣。她送人。她也卖。",
        "先装 Python ,再装 pip ,然后装 numpy ,最后运行",
        "气温 32 ，湿度 78 ，风力 3 ，能见度 10 ，",
        "甲队 3 :1 乙队,丙队 0 :0 丁队",
        "真的？ ！假的！ ？算了？ ，走吧� ，",
        "前面  ，后面\n ，左边　，右边",
    ],
)
def test_blanks_that_a_dropped_word_or_a_typist_left_are_not_the_rule(text: str) -> None:
    assert blanks(text) == ([], 0)


@pytest.mark.parametrize("number", range(1, 2 * ENOUGH_BLANKS))
def test_too_few_blanks_are_doubts(number: int) -> None:
    findings = alignment.find("我們走過了一個村子 ，" * number)
    assert len(findings) == number
    assert {f.consent for f in findings} == {Consent.PROBABLE if number >= ENOUGH_BLANKS else Consent.SUGGESTED}


def test_confidence_in_a_blank_grows_with_the_number_of_them() -> None:
    one, *_, many = (alignment.find("我們走過 。" * number)[0].confidence for number in range(1, 6))
    assert 0 < one < many < 1


def test_blanks_behind_latin_are_not_evidence_but_are_undone_with_it() -> None:
    text = page("他有Arri，她有RED，我没有。那天下雨，我们收工，回家。", controls=EVERY_MARK, blank=True).text
    where, evidence = blanks(text)
    assert len(where) == text.count(" ") == 6
    assert evidence == 4


def test_once_other_marks_bear_the_rule_out_half_of_a_mark_is_enough() -> None:
    half = "走了 ,又來,去了 ,"
    assert blanks(half) == ([], 0)
    where, evidence = blanks("下雨 。颳風 。天晴 。" + half)
    assert (len(where), evidence) == (5, 3)


def test_a_quarter_of_a_mark_is_not_enough_whatever_bears_the_rule_out() -> None:
    quarter = "走了 ,又來,又去,不來,"
    assert len(blanks("下雨 。颳風 。天晴 。" + quarter)[0]) == 3


@pytest.mark.parametrize("folding", ["none", "width"])
def test_a_cut_that_left_no_mark_is_found_on_a_page_with_traces_of_the_rule(folding: str) -> None:
    made = page(HOME, "時shí 過guò", decoder="drop", controls=EVERY_MARK, folding=folding)
    assert "?" not in made.text
    assert "\ufffd" not in made.text
    assert repair(made.text).text == made.clean


def test_without_traces_of_the_rule_no_cut_is_looked_for() -> None:
    made = page(HOME, decoder="drop", controls=EVERY_MARK)
    assert "!澳敲" in made.text
    assert Page.read(made.text).cuts == frozenset()
    assert alignment.find(made.text) == []


@pytest.mark.parametrize("decoder", ["swallow", "replace"])
def test_a_page_that_shows_its_lost_bytes_has_no_cut_without_one(decoder: str) -> None:
    made = page(HOME, "時shí 過guò", decoder=decoder, controls=EVERY_MARK)
    unmarked = page(HOME, "時shí 過guò", decoder="drop", controls=EVERY_MARK).text
    found = Page.read(f"{made.text}\n{unmarked}")
    assert Page.read(unmarked).cuts
    assert (found.cuts, found.unseen) == (frozenset(), UNSEEN_DENIED)
    assert found.lost


@pytest.mark.parametrize(
    "text", ["經(jīng)過他說。然後", "經(jīng)過!好極了", "經(jīng)過，F在", "經(jīng)過3,100", "經(jīng)過?\n澳敲炊"]
)
def test_where_a_mark_is_followed_as_usual_nothing_was_cut(text: str) -> None:
    assert Page.read(text).cuts == frozenset()


def test_a_letter_with_a_reading_behind_a_mark_is_a_cut() -> None:
    text = page("协作。现在他", "現xiàn", decoder="drop", controls=EVERY_MARK, folding="none").text
    assert Page.read(text).cuts == {text.index("，")}


def test_both_bytes_between_two_split_marks_are_put_back() -> None:
    controls = dict.fromkeys("。；，", "\x05")
    made = page(FAN, "經jīng 過guò", decoder="replace", controls=controls, folding="none")
    assert "太\ufffd\ufffd；" in made.text
    assert ("\ufffd\ufffd", "小") in shown(made.text)


def test_blanks_between_two_lost_bytes_go_with_them() -> None:
    controls = dict.fromkeys("。；，", "\x05")
    made = page(FAN, "經jīng 過guò", decoder="replace", controls=controls, folding="none", blank=True)
    assert "太\ufffd \ufffd ；" in made.text
    assert ("\ufffd \ufffd", "小") in shown(made.text)


def test_a_mark_that_is_not_sure_to_have_been_hit_is_a_doubt_on_a_page_that_was_cut_open() -> None:
    lost = "這種扇子的聲音太??；放在臥室里"
    assert alignment.find(lost) == []
    [doubt] = [f for f in alignment.find("經(jīng)過試用，" + lost) if f.consent is Consent.SUGGESTED]
    assert doubt.edits == (Edit.at(19, "??", "小"),)
