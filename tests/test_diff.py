"""What a repair looks like. The repairs are made by hand, so that only the rendering is tested."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan import Consent, Edit, Fault, Finding, Repair, Round, Source, apply
from jiaokan.diff import inline, lines, unified, whole


def finding(*edits: Edit, fault: Fault = Fault.SCRIPT, evidence: str = "seen") -> Finding:
    return Finding(fault, edits, Consent.PROBABLE, 0.875, evidence)


def repair(text: str, *changes: Edit, doubts: tuple[Finding, ...] = ()) -> Repair:
    """A repair that makes ``changes``, each for the same reason."""
    made = Round(Fault.SCRIPT, tuple(finding(edit) for edit in changes))
    return Repair(Source(text, text), apply(text, changes), (made,), doubts)


def test_only_changed_lines_are_shown() -> None:
    shown = unified(repair("一\n二題\n三\n四\n五題題\n", Edit.at(3, "題", "题"), Edit.at(11, "題", "题")))
    assert shown == (
        "@@ line 2 @@\n"
        "-二題\n"
        "+二题\n"
        '! 2:2 "題" → "题" script, probable, 0.88: seen\n'
        "@@ line 5 @@\n"
        "-五題題\n"
        "+五題题\n"
        '! 5:3 "題" → "题" script, probable, 0.88: seen\n'
    )


def test_a_clean_text_has_no_diff() -> None:
    clean = repair("一\n二\n")
    assert unified(clean) == inline(clean).plain == ""
    assert list(lines(clean)) == []


def test_the_same_change_is_explained_once_a_line() -> None:
    shown = unified(repair("題題", Edit.at(0, "題", "题"), Edit.at(1, "題", "题")))
    assert shown.splitlines()[3:] == ['! 1:1, 1:2 "題" → "题" script, probable, 0.88: seen']


def test_a_doubt_is_marked_and_changes_nothing() -> None:
    shown = unified(repair("一\n??", doubts=(finding(Edit.at(2, "??", "。焖")),)))
    assert shown == '@@ line 2 @@\n ??\n? 2:1 "??" → "。焖" script, probable, 0.88: seen\n'


def test_a_place_without_a_known_repair_shows_what_stands_there() -> None:
    shown = unified(repair("锟斤拷", doubts=(finding(Edit.at(0, "锟斤拷", "锟斤拷")),)))
    assert shown.splitlines()[-1] == '? 1:1 "锟斤拷" script, probable, 0.88: seen'


def test_a_line_that_is_joined_to_the_next_is_shown_with_it() -> None:
    shown = unified(repair("一\n二\n三", Edit.at(1, "\n", "")))
    assert shown.splitlines()[:4] == [
        "@@ lines 1-2 @@",
        "-一",
        "-二",
        "+一二",
    ]


def test_an_edit_that_keeps_its_line_break_does_not_touch_the_next_line() -> None:
    assert unified(repair("題\n二", Edit.at(0, "題\n", "题\n"))).splitlines()[:3] == ["@@ line 1 @@", "-題", "+题"]


def test_a_line_that_is_split_gives_two() -> None:
    assert unified(repair("一二", Edit.at(1, "", "\n"))).splitlines()[1:4] == ["-一二", "+一", "+二"]


def test_windows_line_breaks_are_line_breaks() -> None:
    assert unified(repair("一\r\n題\r\n", Edit.at(3, "題", "题"))).splitlines()[:3] == ["@@ line 2 @@", "-題", "+题"]


def test_a_removed_carriage_return_can_be_seen() -> None:
    assert unified(repair("一\r\n二", Edit.at(1, "\r", ""))).splitlines()[1:3] == ["-一<U+000D>", "+一"]


@pytest.mark.parametrize("hidden", ["\u200b", "\x1b", "\ue30a", "\ud800", "\u202e", "\U000f0000", "\x05", "\u2028"])
def test_what_cannot_be_seen_is_spelt_out(hidden: str) -> None:
    shown = (
        unified(repair(f"一{hidden}", Edit.at(1, hidden, ""))) + inline(repair(hidden, Edit.at(0, hidden, ""))).plain
    )
    assert hidden not in shown
    assert f"-一<U+{ord(hidden):04X}>\n+一\n" in shown


def test_evidence_cannot_reach_the_terminal_raw() -> None:
    doubt = finding(Edit.at(0, "一", "二"), evidence="\x1b[2J")
    assert "\x1b" not in unified(repair("一", doubts=(doubt,)))


def test_a_long_change_is_quoted_in_part() -> None:
    reason = unified(repair("a" * 100, Edit.at(0, "a" * 100, ""))).splitlines()[-1]
    assert reason == f'! 1:1 "{"a" * 20}…{"a" * 20}" → "" script, probable, 0.88: seen'


def test_inline_shows_each_line_once_with_both_sides_styled() -> None:
    page = inline(repair("二題題三\n四", Edit.at(1, "題", "题"), Edit.at(2, "題", "题")))
    assert page.plain.splitlines()[:2] == ["@@ line 1 @@", "二題題题题三"]
    styled = {page.plain[span.start : span.end]: span.style for span in page.spans}
    assert styled["題題"] == "red strike"
    assert styled["题题"] == "green"
    assert not any("三" in words for words in styled)


def test_lines_are_in_reading_order_with_doubts_among_changes() -> None:
    doubt = finding(Edit.at(2, "二", "貳"), Edit.at(4, "四", "肆"), fault=Fault.GAPS)
    assert list(lines(repair("題\n二三四\n題", Edit.at(0, "題", "题"), Edit.at(6, "題", "题"), doubts=(doubt,)))) == [
        '1:1 "題" → "题" script, probable, 0.88: seen',
        '2:1 "二三四" → "貳三肆" gaps, probable, 0.88: seen',
        '3:1 "題" → "题" script, probable, 0.88: seen',
    ]


def test_a_finding_of_several_edits_is_one_edit_over_all_of_them() -> None:
    found = finding(Edit.at(1, "二", ""), Edit.at(3, "", "四"))
    assert whole(found, "一二三五") == Edit.at(1, "二三", "三四")


@st.composite
def repairs(draw: st.DrawFn) -> Repair:
    """A repair of any few lines with any edits."""
    text = draw(st.text("一a\n", max_size=20))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    edits = [Edit.at(a, text[a:b], draw(st.text("b\n", max_size=3))) for a, b in spans]
    return repair(text, *(edit for edit in edits if edit.before != edit.after))


@given(repairs())
def test_the_diff_says_all_that_changed(repaired: Repair) -> None:
    """The oracle follows the diff: it copies the lines outside the hunks and takes the new ones from inside."""
    source, rebuilt, done = repaired.source.text.split("\n"), list[str](), 0
    for hunk in re.split("^@@ lines? ", unified(repaired), flags=re.MULTILINE)[1:]:
        heading, *body = hunk.removesuffix("\n").split("\n")
        numbers = [int(number) for number in re.findall(r"\d+", heading)]
        first, last = numbers[0], numbers[-1]
        assert [line[1:] for line in body if line[0] in "- "] == source[first - 1 : last]
        rebuilt += source[done : first - 1] + [line[1:] for line in body if line[0] in "+ "]
        done = last
    assert rebuilt + source[done:] == repaired.text.split("\n")
