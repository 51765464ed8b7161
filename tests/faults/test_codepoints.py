r"""Code points, kind by kind: what each is for, and where it stays. Whole pages are in ``fixtures/``."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiaokan import Consent, Fault, Finding, apply, repair
from jiaokan.faults import codepoints
from jiaokan.faults.codepoints import forms
from jiaokan.pipeline import findings
from jiaokan.screen import may_have, may_have_any

# One of everything that a decision is made about, and what stands beside it.
LETTERS = (
    "的我们借款人张三，。：；、“）(),.:;?!A1 \u3000\u00a0\u2003\n\\%&=x"
    "ＡｋQ１０．／︵︶﹁﹐﹗﹒｡･ﾟ￣年\ue5e5\uecd4\ue81e\ufe0f\u200b\u200d\u2028\ufffc\uf98e\u2f2f嘅咗"
)
PIECES = (
    "\\u4e2d",
    "%E4%B8%AD",
    "=E4=B8=AD",
    "=\n",
    "\\xe4\\xb8",
    "&amp;nbsp;",
    "&#20013",
    "http://a.com/",
    "我 们 的 ",
    " ，",
    ":)",
    "...",
    '{"',
)
texts = st.lists(st.text(LETTERS, max_size=6) | st.sampled_from(PIECES), max_size=10).map("".join)
marks = st.sampled_from(["keep", "fullwidth"])


def applied(text: str) -> list[tuple[str, str]]:
    """What is replaced by what, of the findings that are applied when nobody asks for more."""
    found = (f for f in codepoints.find(text) if f.consent is not Consent.SUGGESTED)
    return [(edit.before, edit.after) for finding in found for edit in finding.edits]


@given(texts | st.text(max_size=30), marks)
@settings(deadline=None)
def test_findings_are_located_and_have_a_reason(text: str, punctuation: codepoints.Punctuation) -> None:
    for finding in codepoints.find(text, punctuation):
        assert finding.fault is Fault.CODEPOINTS
        assert finding.evidence
        assert all(text[slice(*edit.span)] == edit.before != edit.after for edit in finding.edits)


@given(texts, marks)
@settings(deadline=None)
def test_the_screen_stops_whatever_has_a_finding(text: str, punctuation: codepoints.Punctuation) -> None:
    if codepoints.find(text, punctuation):
        assert may_have(text, Fault.CODEPOINTS, punctuation)
        assert may_have_any(text, punctuation)


@given(texts, marks)
@settings(deadline=None)
def test_a_second_repair_finds_nothing_to_apply(text: str, punctuation: codepoints.Punctuation) -> None:
    once = repair(text, punctuation=punctuation)
    assert apply(text, once.edits) == once.text
    assert repair(once.text, punctuation=punctuation).text is once.text


def reasons(text: str) -> set[str]:
    return {finding.evidence for finding in findings(repair(text)) if finding.fault is Fault.CODEPOINTS}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("人\u200b工智能", "U+200B has no width and no meaning here"),
        ("人\ufe0f工智能", "U+FE0F selects no form of a Han character"),
        ("图\ufffc如下", "U+FFFC stood for a picture or another object, which is gone"),
        ("甲\u2028乙", "U+2028 is a line end that hardly any program knows"),
        ("价格&nbsp;一百", "&nbsp; is a character reference of HTML"),
        (r"\u4e2d\u6587网页", r"\u4e2d\u6587 is escapes of code points for 中文"),
        ("=D6=D0=B9=FA", "=D6=D0=B9=FA is quoted-printable for 中国"),
        ("年\uf98e", "U+F98E is a second code point of 年"),
        ("⼯人", "⼯ is a radical, used as the letter 工"),
        ("罕用字\ue81e的", "U+E81E is private use of GBK or GB 18030 for 龴, U+9FB4 by now"),
        ("型号Ａ１", "Ａ１ is fullwidth, and Chinese sets it narrow"),
        ("尚可﹗", "﹗ is a form of ！ for other places"),
        ("价格\u00a0一百", "U+00A0 is a blank for other places than Chinese text"),
        ("关 于 我 们", "a layout spaced the text out"),
        ("这个借 款人", "a blank splits a word"),
        ("到了 。", "a blank stands before a mark"),
    ],
)
def test_each_kind_says_why(text: str, reason: str) -> None:
    assert reason in reasons(text)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("&amp;amp;nbsp;价", [("&amp;amp;nbsp;", " ")]),
        ("&nbsp价格", [("&nbsp", " ")]),
        ("&nbsp；价格", [("&nbsp；", " ")]),
        ("&#20013&#25991网", [("&#20013", "中"), ("&#25991", "文")]),
        ("&#x4E2D;&#x6587;", [("&#x4E2D;", "中"), ("&#x6587;", "文")]),
    ],
)
def test_references_lack_a_semicolon_or_have_another(text: str, pairs: list[tuple[str, str]]) -> None:
    assert applied(text) == pairs


@pytest.mark.parametrize(
    "text", ["&nbsp", "a=1&quot=2网", "<p>&nbsp;价格</p>", "空&#0;&#xD800;", "R&D中心", "HTML写作 &nbsp; 的是空格"]
)
def test_other_ampersands_stay(text: str) -> None:
    assert applied(text) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\u4e2d\u6587", "中文"),
        (r"\\u4e2d\\u6587", "中文"),
        (r"\u{4e2d}\u{6587}", "中文"),
        (r"\u4e2d\n\u6587", "中\n文"),
        ("%u4e2d%u6587", "中文"),
        (r"\xe4\xb8\xad\xe6\x96\x87", "中文"),
        (r"\xd6\xd0\xce\xc4", "中文"),
        ("%e4%b8%ad%e6%96%87", "中文"),
        ("=E4=B8=\n=AD=E6=96=87", "中文"),
        (r"\u3010\u65b0\u95fb\u3011", "【新闻】"),
    ],
)
def test_escapes_of_chinese_are_undone(text: str, meant: str) -> None:
    assert applied(text) == [(text, meant)]


@pytest.mark.parametrize(
    "text",
    [
        r"[\u4e00-\u9fa5]",
        r'{"k": "\u4e2d\u6587"}',
        r"key=\u4e2d\u6587",
        r"\ud83d",
        r"\u{110000}\u{4e2d}",
        r"\u0041\u0042",
        r"\xff\xfe\xff",
        "%D6%D0%",
        "a/%E4%B8%AD%E6%96%87",
        "q=%E4%B8%AD%E6%96%87",
        "%E4%B8%AD%E6%96%87+%E4%B8%AD",
        r"Unicode里的\u4e2d\u6587",
        "=41=42=43",
        "=3D",
    ],
)
def test_other_escapes_stay(text: str) -> None:
    assert applied(text) == []


def test_single_escapes_are_undone_only_beside_others() -> None:
    assert applied("=E4=BD=A0=E5=A5=BD=20a=3Db=\nc") == [
        ("=E4=BD=A0=E5=A5=BD=20", "你好 "),
        ("=3D", "="),
        ("=\n", ""),
    ]


def test_the_tables_of_forms_agree_with_unicode_but_for_width() -> None:
    """NFKC makes the same of a form and of its mark, but for the two dots of names and for what Big5 has for ：."""
    assert {form for form, usual in forms._USUAL.items() if nfkc(form) != nfkc(usual)} == set("︰･﹒")


def nfkc(char: str) -> str:
    return unicodedata.normalize("NFKC", char)


def test_forms_stay_in_a_text_that_only_quotes_chinese() -> None:
    german = "Das Wort steht hier in breiten Buchstaben: Ｃａｌｃ\n" * 3
    assert applied(german + "表") == []
    assert applied(german + "表Ｃ") == [("Ｃ", "C")]


def test_a_dropped_word_leaves_its_blank() -> None:
    text = "催收人员通过 与借款人沟通，常用的 ，是短信；策略与 。"
    assert repair(text).text == text


def test_two_faults_that_propose_one_edit_agree() -> None:
    """Alone, alignment doubts that these blanks are its own; as blanks before marks they go."""
    assert repair("我们 ，你们 。").text == "我们，你们。"
    assert repair("我们 ，你们 。", skip=["codepoints"]).text == "我们 ，你们 。"


def test_a_suggestion_is_applied_when_it_is_asked_for() -> None:
    icon = "设置\ue826 首页"
    assert repair(icon).text is icon
    assert repair(icon, consent="suggested").text == "设置龵 首页"


def test_a_finding_covers_both_parentheses() -> None:
    (finding,) = codepoints.find("好(的)好", "fullwidth")
    assert isinstance(finding, Finding)
    assert [edit.after for edit in finding.edits] == ["（", "）"]


def test_a_page_that_sets_all_digits_fullwidth_keeps_its_style() -> None:
    text = "１９９７年１２月３１日，本市共有人口２３０万，工厂１２家，学校３４所，医院５所。"
    assert repair(text).text is text
    assert {doubt.consent for doubt in repair(text).doubts} == {Consent.SUGGESTED}
    assert repair(f"{text}车站3座。").text.startswith("1997年12月31日")
