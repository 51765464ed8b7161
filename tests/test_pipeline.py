"""Repair as a whole: options, consent, what is left alone, and what later faults keep out of."""

from __future__ import annotations

import pytest

from jiaokan import Consent, Fault, apply, detect, repair

PAGE = "現(xiàn)代的網(wǎng)貸,不當?shù)拇呤辗绞娇赡芤l(fā)借款人的負面情緒"
UNDECIDED = "公司計(jì)劃在明年繼續(xù)尋找投資途徑，因?yàn)樗?"


def test_clean_text_comes_back_as_the_same_object() -> None:
    text = "在现代金融社会中，助贷行业逐渐成为了一个重要的市场。"
    assert repair(text).text is text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"script": "traditional"}, "script is"),
        ({"consent": "sure"}, "consent is"),
        ({"skip": ["typos"]}, "no fault is called 'typos'"),
        ({"skip": "script"}, "skip is a list"),
    ],
)
def test_an_option_with_another_value_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        repair("", **options)  # type: ignore[arg-type]


def test_a_source_is_text_or_bytes() -> None:
    with pytest.raises(TypeError, match="not int"):
        repair(1)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_can_be_skipped(fault: Fault) -> None:
    found = {finding.fault for change in repair(PAGE, skip=[fault.value]).changes for finding in change.findings}
    assert fault not in found
    assert found | {fault} >= {Fault.ALIGNMENT, Fault.ANNOTATION, Fault.SCRIPT} - {fault}


def test_bytes_with_kana_beside_kanji_and_chinese_give_a_repair() -> None:
    result = repair(b"\xa5\xca?\xf3\x8a?\x8e\x8e\xd7`\xbe\x98\xefB")
    assert result.source.text == "ナ?髪?帋譧緲顱"
    assert result.text == "ナ?髪?帋譧缈颅" == apply(result.source.text, result.edits)


def test_script_is_kept_on_request() -> None:
    assert repair("現(xiàn)代", script="keep").text == "現代"


def test_only_findings_of_the_consent_asked_for_are_applied() -> None:
    lone = "現(xiàn)代"
    assert repair(lone, consent="certain").text == "现(xiàn)代"
    assert [doubt.fault for doubt in repair(lone, consent="certain").doubts] == [Fault.ANNOTATION]
    assert repair(UNDECIDED, consent="suggested").text != repair(UNDECIDED).text


def test_what_one_fault_cannot_decide_later_faults_leave_alone() -> None:
    result = repair(UNDECIDED)
    [doubt] = [doubt for doubt in result.doubts if doubt.fault is Fault.ALIGNMENT]
    assert UNDECIDED[slice(*doubt.span)] in result.text
    assert "计划" in result.text


def test_a_doubt_is_located_in_the_source_text() -> None:
    result = repair("現(xiàn)代" + UNDECIDED)
    for doubt in result.doubts:
        assert all(result.source.text[slice(*edit.span)] == edit.before for edit in doubt.edits)


def test_changes_say_which_findings_went_into_each_edit() -> None:
    result = repair("及貸當?shù)厣祥T催收")
    change = next(change for change in result.changes if change.edit.before == "?shù)厣祥T")
    assert change.edit.after == "地上门"
    assert [finding.fault for finding in change.findings] == [Fault.ALIGNMENT, Fault.SCRIPT]
    assert (change.fault, change.consent) == (Fault.ALIGNMENT, Consent.PROBABLE)


def test_damage_under_damage_is_repaired_in_sweeps() -> None:
    assert repair("列夫&amp;middot;托尔斯泰").text == "列夫·托尔斯泰"


def test_detecting_finds_what_repairing_changes_and_doubts() -> None:
    found, result = detect(PAGE), repair(PAGE)
    assert [f.edits[0] for f in found] == sorted(
        [*result.edits, *(d.edits[0] for d in result.doubts)], key=lambda edit: edit.span
    )


def test_replaying_the_rounds_gives_the_text() -> None:
    result = repair(PAGE)
    text = result.source.text
    for one in result.rounds:
        text = apply(text, one.edits)
    assert text == result.text


def test_what_is_no_text_is_said_to_be_none_and_left_alone() -> None:
    """Pictures and programs are in every crawl; much would be found in them, and nothing that is damage."""
    raw = bytes(range(256)) * 20 + "問題".encode("gb18030") * 100
    repaired = repair(raw)
    assert repaired.text == repaired.source.text
    (doubt,) = repaired.doubts
    assert doubt.changes_nothing
    assert "no text" in doubt.evidence
    assert repair(raw, skip=["codepoints"]).text == repaired.text


@pytest.mark.parametrize("between", ["\x01", "\x1e", "\x00\x00", "\x01\x02\x03\x04\x05\x06\x07\x08"])
def test_a_text_whose_fields_are_parted_by_controls_is_one(between: str) -> None:
    assert "题" in repair(between.join(["問題", "現代"] * 20)).text


def test_a_text_with_a_few_controls_of_many_kinds_is_one() -> None:
    assert "现代" in repair("現代金融" * 200 + "".join(map(chr, range(32)))).text
