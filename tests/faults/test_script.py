"""Script: which form of several, passages that are not Chinese, words of the mainland, strays under keep."""

from __future__ import annotations

from itertools import pairwise

import pytest

from jiaokan import Consent, Fault, apply, repair
from jiaokan.faults import script
from jiaokan.faults.script import ambiguous
from jiaokan.faults.script.regional_words import GENERAL
from jiaokan.lexicon.variants import ambiguous_forms
from jiaokan.lexicon.wordlists import mainland_words


def simplified(text: str, **options: str) -> str:
    result = repair(text, **options)  # type: ignore[arg-type]
    assert apply(text, result.edits) == result.text
    assert {each.fault for each in result.rounds} <= {Fault.SCRIPT}
    return result.text


def test_a_choice_is_probable_and_what_leaves_none_is_certain() -> None:
    consents = {f.edits[0].before: f.consent for f in script.find("隨著網絡的發展")}
    assert consents == {
        "隨": Consent.CERTAIN,
        "著": Consent.PROBABLE,
        "網絡": Consent.CERTAIN,
        "發": Consent.CERTAIN,
    }


def test_certain_alone_leaves_what_is_a_choice() -> None:
    assert simplified("隨著網絡的發展", consent="certain") == "随著网络的发展"


def test_neighbouring_findings_do_not_overlap_and_are_in_order() -> None:
    found = script.find("乾隆年間，天氣乾燥，他看著計畫，想像著甚麼。国際広場", "simplified")
    spans = [finding.span for finding in found]
    assert spans == sorted(spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize("char", sorted(ambiguous_forms()))
def test_every_character_with_a_choice_comes_out_as_one_of_its_forms(char: str) -> None:
    made = simplified(f"這裡說的{char}是歷史問題")
    assert made[4] in {char, *ambiguous_forms()[char]}


def test_a_lone_character_in_simplified_text_is_only_mentioned() -> None:
    (found,) = script.find("“发”字对应“髮”字和别的字，说法不一。")
    assert (found.consent, found.edits[0].before) == (Consent.SUGGESTED, "髮")


def test_a_page_that_tells_the_two_apart_is_believed() -> None:
    assert simplified("他看着窗外，執著地寫著作。") == "他看着窗外，执著地写著作。"
    assert simplified("他看著窗外，執著地寫作。") == "他看着窗外，执着地写作。"


@pytest.mark.parametrize("text", ["日本の歴史を発見する。", "우리 會社의 製品을 購入해 주셔서 感謝합니다."])
def test_japanese_and_korean_stay(text: str) -> None:
    assert script.find(text) == []
    assert script.find(f"他說：「{text}」然後走了。")[0].edits[0].before == "說"
    assert text in simplified(f"他說：「{text}」然後走了。")


def test_a_japanese_form_needs_a_chinese_sentence() -> None:
    assert simplified("他在広場等我。") == "他在广场等我。"
    assert script.find("関連項目\n財務関数") == []
    assert simplified("我們的網頁\n関連項目\n在這裡。") == "我们的网页\n関連項目\n在这里。"


def test_a_character_without_a_form_that_fonts_show_stays_in_simplified_text() -> None:
    assert simplified("《尔雅》：芼，择也；絺绤、鵸䳜，皆古字。") == "《尔雅》：芼，择也；絺绤、鵸䳜，皆古字。"


def test_characters_amid_simplified_text_need_a_word() -> None:
    assert simplified("他可能由於不知道，房间很乾净，随著时间过去。") == "他可能由于不知道，房间很干净，随着时间过去。"
    assert ambiguous.is_alone("（著）", 1)


def test_words_of_the_mainland_come_on_request_and_are_located() -> None:
    text = "請安裝軟體，再用滑鼠點選。"
    assert simplified(text) == "请安装软体，再用滑鼠点选。"
    result = repair(text, script="simplified-cn")
    assert result.text == "请安装软件，再用鼠标点击。"
    assert [(c.edit.before, c.edit.after) for c in result.changes] == [
        ("請", "请"),
        ("安裝"[1:], "装"),
        ("軟體", "软件"),
        ("滑鼠", "鼠标"),
        ("點選", "点击"),
    ]


def test_a_word_may_have_another_length_and_part_of_a_run() -> None:
    text = "這個資料庫連上了網際網路。"
    result = repair(text, script="simplified-cn")
    assert result.text == "这个数据库连上了互联网。"
    assert apply(text, result.edits) == result.text


def test_general_words_are_words_of_the_lists() -> None:
    assert mainland_words().keys() >= GENERAL


def test_strays_are_shown_in_both_directions() -> None:
    result = repair("這個問題已經解决，會議於昨天結束，單位準備資料。", script="keep")
    (doubt,) = result.doubts
    assert (doubt.edits[0].before, doubt.edits[0].after, doubt.consent) == ("决", "決", Consent.SUGGESTED)
    assert "simplified in a page that is traditional for 9" in doubt.evidence
    (other,) = repair("这个问题已經解决，会议于昨天结束，单位准备资料。", script="keep").doubts
    assert (other.edits[0].before, other.edits[0].after) == ("經", "经")
    assert "traditional in a page that is simplified for 9" in other.evidence


def test_strays_are_changed_only_when_suggestions_are_asked_for() -> None:
    text = "這個問題已經解决，會議於昨天結束，單位準備資料。"
    assert repair(text, script="keep").text is text
    assert repair(text, script="keep", consent="suggested").text == text.replace("决", "決")


def test_a_page_in_both_scripts_has_no_strays() -> None:
    assert repair("這個問題已經解決。这个问题已经解决。", script="keep").doubts == ()


def test_a_foreign_passage_has_no_strays() -> None:
    assert repair("這個問題已經解決，他說「国際会議へようこそ」。", script="keep").doubts == ()


def test_the_report_has_the_scripts_of_the_source() -> None:
    assert repair("現代社会").scripts == (1, 1, 2)


@pytest.mark.parametrize("kept", ["simplified", "simplified-cn", "keep"])
def test_a_lone_surrogate_beside_a_choice_stays(kept: str) -> None:
    text = "反\ud800覆說\udfff計\ud800畫决\ud800，乾\ud800"
    result = repair(text, script=kept, consent="suggested", skip=["codepoints"])  # type: ignore[arg-type]
    assert apply(text, result.edits) == result.text
    assert result.text.count("\ud800") == 4


def test_a_long_page_takes_no_more_than_its_share() -> None:
    line = "乾與軟體，他說乾，問乾，計畫用滑鼠。"
    one, many = (len(script.find(line * number, "simplified-cn")) for number in (10, 1000))
    assert many == 100 * one
