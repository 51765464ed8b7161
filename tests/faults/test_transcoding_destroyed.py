"""What is left of U+FFFD: named, kept, never invented, and no affair of the other faults."""

from __future__ import annotations

import pytest

from jiaokan import Consent, Fault, Finding, repair
from jiaokan.faults.transcoding.destroyed import RESIDUES

READ_AS = {
    "锟斤拷": "GBK",
    "嚙踝蕭": "Big5",
    "占쏙옙": "EUC-KR",
    "鐃緒申": "EUC-JP",
    "ï¿½": "cp1252",
    "пїЅ": "cp1251",
    "О©╫": "KOI8-R",
    "∩┐╜": "cp437",
    "ÔøΩ": "Mac Roman",
    "я┐╜": "cp866",
    "ďż˝": "cp1250",
}


def doubts(text: str) -> list[Finding]:
    result = repair(text)
    assert result.text is text
    return [doubt for doubt in result.doubts if doubt.fault is Fault.TRANSCODING]


def test_every_reading_is_known() -> None:
    assert RESIDUES == READ_AS


@pytest.mark.parametrize(("residue", "charset"), READ_AS.items())
def test_each_run_is_one_doubt(residue: str, charset: str) -> None:
    text = f"本店营业到晚上{residue}点，周末{residue * 2}休息。"
    first, second = doubts(text)
    assert [first.edits[0].before, second.edits[0].before] == [residue, residue * 2]
    assert first.changes_nothing
    assert first.consent is Consent.SUGGESTED
    assert first.evidence == f"destroyed before: U+FFFD written in UTF-8, read as {charset}"


def test_what_is_left_is_not_made_simplified() -> None:
    assert len(doubts("本店营业到嚙踝蕭点。")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "网页上的“锟斤拷”从哪里来？这要从编码说起。",
        "满屏都是锟斤拷，这种乱码已经没有办法还原了。",
        "手持两把锟斤拷，口中疾呼烫烫烫。",
        "The sequence ï¿½ is U+FFFD, encoded in UTF-8 and decoded as Latin-1.",
    ],
)
def test_a_line_that_speaks_of_it_is_left_in_peace(line: str) -> None:
    assert doubts(line) == []


def test_other_lines_of_such_a_text_are_not() -> None:
    text = "满屏都是锟斤拷，这种乱码已经没有办法还原了。\n地址：锟斤拷路五号"
    assert [doubt.span.start for doubt in doubts(text)] == [text.rindex("锟")]


def test_the_rest_of_the_line_is_repaired() -> None:
    result = repair("cafÃ© ï¿½ Ã©tÃ©")
    assert result.text == "café ï¿½ été"
    assert [doubt.edits[0].before for doubt in result.doubts] == ["ï¿½"]
