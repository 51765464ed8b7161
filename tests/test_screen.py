"""The screen against an oracle: each fault's signs written out plainly, tried at every place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan import Fault
from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.lexicon.pinyin import LETTER_CLASS
from jiaokan.lexicon.variants import convertible
from jiaokan.screen import may_have, may_have_any

_READING = f"[{LETTER_CLASS}] ?[)）]"
_LOST = "[?\ufffd](?=[?\ufffd]? ?[，。、！？；：,.!?;:\ufffd])"
_BLANK = " (?=[，。、！？；：,:;!?])"
_CODEPOINT = "[\x00-\x08\x7f\u200b\u2f00\ue7c7\uf900\U0002f800]"
_REFERENCE = "&[A-Za-z#][A-Za-z0-9]{1,24};|&#1{4}"
_BLANK_BEFORE = "(?<=[现著題问题\uf900\U0002f800 ）]) (?=[，、])"
_BLANK_BETWEEN = "(?<=[现著題问题\uf900\U0002f800]) (?=[现著題问题\uf900\U0002f800])"
ORACLE = {
    Fault.ALIGNMENT: f"{_READING}|{_LOST}|{_BLANK}",
    Fault.ANNOTATION: _READING,
    Fault.CODEPOINTS: f"{_CODEPOINT}|{_REFERENCE}|{_BLANK_BETWEEN}|{_BLANK_BEFORE}",
    Fault.SCRIPT: f"[著{''.join(convertible())}]",
    Fault.GAPS: f"问(?![题題])|(?<=[{HAN_CLASS}、]) (?= ?[{HAN_CLASS}，。、；,])|、(?=，)(?<=[{HAN_CLASS}].)|(?<=，)、",
    # Of these letters only the private-use character and é are signs of mojibake, and only in company.
    Fault.TRANSCODING: "\ue7c7(?=.{0,2}\ue7c7)|(?<=\ue7c7)[?\ufffd]|ééé",
}
LETTERS = "现著題问题、aé )）?\ufffd，.&#1;\x07\u200b\u2f00\ue7c7\uf900\U0002f800\n"


@given(st.text(LETTERS, max_size=10))
def test_a_fault_is_possible_where_one_of_its_signs_stands(text: str) -> None:
    for fault in Fault:
        expected = fault in ORACLE and re.search(ORACLE[fault], text) is not None
        assert may_have(text, fault) == expected


@given(st.text(LETTERS, max_size=10) | st.text(max_size=20))
def test_any_fault_is_possible_where_one_is(text: str) -> None:
    assert may_have_any(text) == any(may_have(text, fault) for fault in Fault)


@given(st.text("现a,.:;?!()） ，", max_size=8))
def test_an_ascii_mark_beside_chinese_is_a_sign_only_where_it_is_to_be_fullwidth(text: str) -> None:
    expected = re.search(r"(?<=[现），])[,.:;?!]|[,.:;?!](?= ?[现），])|\([^()]+\)", text) is not None
    plain = may_have(text, Fault.CODEPOINTS)
    assert may_have(text, Fault.CODEPOINTS, "fullwidth") == (plain or expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "现代金融（AI）与数据？",
        "（见图1）",
        "是吗?好",
        "第1章, 100%, x=A0, C:\\users\\x86",
        "AT&T公司, R&D部, a=1&b=2",
        "❤\ufe0f 收到",
        "A&B; R&D",
        "line\r\n\tline",
    ],
)
def test_ordinary_text_is_let_through(text: str) -> None:
    assert not may_have_any(text)
