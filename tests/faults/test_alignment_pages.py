"""What a page says of a cut beside the cut itself: its own words, its readings, its private-use characters."""

from __future__ import annotations

import re
from math import log10

import pytest

from forward import page
from jiaokan import Consent, repair
from jiaokan.faults import alignment
from jiaokan.faults.alignment.channel import MOST_IN_A_ROW, Budget, Frontier, Moves, State
from jiaokan.faults.alignment.search import Realignment, realign
from jiaokan.faults.alignment.traces import SHARE, SHARE_OF_USE, Page, Recurrence
from jiaokan.lexicon import START

READINGS = "數shù 過guò 經jīng"


def restored(text: str) -> Realignment:
    """What the first lost byte of a text is restored to."""
    found = realign(Page.read(text), text.index("?"), Budget(100_000))
    assert found
    return found


def test_a_character_gains_by_what_the_page_has_elsewhere_most_behind_the_same_one() -> None:
    recurrence = Recurrence("催收，催促，催收")
    pairs = ("催收", "催促", "促收", "收促")
    gains = [recurrence.gain(last, char, -6.0) for last, char in pairs]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > recurrence.gain("催", "发", -6.0) == 0.0


def test_what_the_lexicon_finds_rare_gains_most_and_no_pair_comes_to_be_likelier_than_certain() -> None:
    recurrence = Recurrence("催收" * 3)
    gains = [recurrence.gain("催", "收", price) for price in (0.0, -2.0, -6.0)]
    assert gains == sorted(gains)
    # 催 is always followed by 收, and every second character is 收
    assert -6.0 + gains[-1] == pytest.approx(log10(SHARE + SHARE_OF_USE / 2), abs=0.01)


@pytest.mark.parametrize("text", ["催(cuī)收", "催（cuī）收", "催收", "請催收"])
def test_recurrence_looks_past_readings(text: str) -> None:
    assert Recurrence(text).gain("催", "收", -6.0) > 0


@pytest.mark.parametrize("text", ["", "催", "催，收", "催\n收", "催A收", "催(见下)收"])
def test_what_stands_between_two_characters_parts_them(text: str) -> None:
    assert Recurrence(text).gain("催", "收", -6.0) < Recurrence("催收").gain("催", "收", -6.0)


def test_recurrence_is_in_simplified_characters() -> None:
    assert Recurrence("問題").gain("问", "题", -6.0) == Recurrence("问题").gain("问", "题", -6.0) > 0


def test_asking_again_gives_the_same_gain() -> None:
    recurrence = Recurrence("催收和催收")
    assert recurrence.gain("催", "收", -6.0) == recurrence.gain("催", "收", -6.0) > 0


def test_the_page_s_own_words_speak_for_a_restoration() -> None:
    once = page("当地催收员很多。", "數shù").text
    assert restored(once + "催收員、地催").gain > restored(once).gain


def test_a_byte_that_stands_twice_is_dropped() -> None:
    doubled = b"\xf2" + "以".encode("gb18030") + b"O"
    text = "能" + ("夠".encode("gb18030") + doubled).decode("gb18030") + "(shè)pen"
    assert text == "能夠蛞設(shè)pen"
    assert Page.read(text).doubled == {text.index("蛞")}
    assert repair(text).text == "能够以Open"


@pytest.mark.parametrize(
    "text", ["能夠以O(shè)pen", "能夠蛞設(shè)，", "能夠蛞設pen", "蛞設(shè)pen", "能夠以設(shè)pen", "能蛞設(shè)pen"]
)
def test_a_byte_only_stands_twice_where_all_of_it_shows(text: str) -> None:
    assert Page.read(text).doubled == frozenset()


def test_a_reading_that_belongs_to_its_character_costs_nothing_beside_a_cut() -> None:
    bare = "先到當?shù)厣祥T人家里坐坐。"
    lesson = bare.replace("人家", "人家(jiā)")
    assert [each.text for each in restored(lesson).stretches] == [each.text for each in restored(bare).stretches]
    assert restored(lesson).gain == pytest.approx(restored(bare).gain)


def test_on_a_page_that_annotates_what_both_scripts_share_any_character_can_be_hit() -> None:
    clean = "新闻中心的科学家在那里看到很多新能源，他们说科学离不开能源。"
    made = page(clean, "新xīn 能néng 科kē 学xué 们men", script="simplified")
    assert Page.read(made.text).table.any_char
    assert not Page.read(made.text).converted
    assert Page.read("現(xiàn)代人(rén)家").table.any_char is None


def test_only_a_whole_reading_of_the_character_before_it_is_read() -> None:
    found = Page.read("知(zhī)道，當?shù)厣祥T，現(zhī)在")
    assert [found.is_read(mark) for mark in found.marks.values()] == [True, False, False]


def test_nothing_is_certain_on_a_page_without_private_use_characters() -> None:
    [finding] = alignment.find("新?shēng)r代的青年")
    assert (finding.edits[0].after, finding.consent) == ("时", Consent.PROBABLE)


def test_where_one_stands_in_the_stretch_the_only_reading_of_the_bytes_is_certain() -> None:
    [finding] = alignment.find("離還可以。酒店周?chē)\ue2fch境不怎么樣都")
    assert (finding.edits[0].after, finding.consent) == ("圍環", Consent.CERTAIN)
    [finding] = alignment.find("\ue600 新?shēng)r代的青年")  # an icon says nothing of pairs
    assert (finding.edits[0].after, finding.consent) == ("时", Consent.PROBABLE)


def test_two_kept_pairs_in_a_row_are_read() -> None:
    made = page("听说当地水果品种很多，价钱也不贵。", "數shù", private=True)
    assert re.search("[\ue000-\uf8ff]{2}", made.text)
    assert repair(made.text).text == made.clean


def test_two_stripped_pairs_in_a_row_can_be_put_back() -> None:
    """正因為他要的：為|他|要|的 = 9EE9 CBFB D2AA B5C4. CB waits, FB D2 and AA B5 are user-defined, C4 goes on."""
    raw = "他要的".encode("gb18030")
    assert all("\ue000" <= raw[at : at + 2].decode("gb18030") <= "\uf8ff" for at in (1, 3))
    shown = bytes((raw[5], 0xC8)).decode("gb18030")
    state = State(0, (raw[0],), (0, 0), START.extend("正因为"), 0.0, 0)
    moves = Moves(Page.read(shown + "。"), Frontier(Budget(1000)))
    offered = {after.text: after for after in moves.over_stripped(state)}
    assert offered["他要的"].leads == (0xC8,)
    assert max(map(len, offered)) == MOST_IN_A_ROW + 1


def test_the_reading_behind_it_names_a_character_of_which_little_is_left() -> None:
    """所覺: F9 D3 was stripped, so that of 覺 (D3 58) only X is left; the reading tells it from all others."""
    text = "對于這個問題,我們?cè)缫延兴X(jué)察,只是沒有說出來。現(xiàn)在大家都同意先把環(huán)境保護好,再談發(fā)展。"
    assert [each.text for each in restored(text).stretches] == ["早已有所覺"]


def test_what_else_may_have_stood_there_is_named_in_the_evidence_of_a_doubt() -> None:
    [doubt] = alignment.find(page("这些他都看在眼里，当地水果好吃，我们就去市场上转了一圈。", "數shù").text)
    assert doubt.consent is Consent.SUGGESTED
    _, *others = re.findall("or '([^']+)'", doubt.evidence)
    assert others
    assert doubt.edits[0].after not in others
    assert all(len(other) >= len("地水好吃") for other in others)


@pytest.mark.parametrize("text", ["及貸當?shù)厣祥T催收", "及貸當?shù)厣祥T催收，\ue30a"])
def test_what_is_no_doubt_names_no_alternatives(text: str) -> None:
    [finding] = alignment.find(text)
    assert "or '" not in finding.evidence


def test_alternatives_are_distinct_and_span_what_the_restoration_spans() -> None:
    found = restored(page("这些他都看在眼里，当地水果好吃，我们就去市场上转了一圈。", "數shù").text)
    assert len(set(found.alternatives)) == len(found.alternatives) > 1
    assert all(other.startswith("地") and other.endswith("转") for other in found.alternatives)
