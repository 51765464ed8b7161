"""Mojibake undone: the channels, the borders of the damage, the choice between hypotheses, and when to do nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan import Consent, Fault, detect, repair
from jiaokan.edits import Edit, apply
from jiaokan.faults.transcoding import find
from jiaokan.faults.transcoding.acceptance import has_letters, is_example, is_language
from jiaokan.faults.transcoding.channels import CHANNELS, DECODERS, ENCODERS, Channel, likewise, tables
from jiaokan.faults.transcoding.hypotheses import candidates, clearly, decode_lines, search_channels, undo_as_others
from jiaokan.faults.transcoding.signs import lines, others
from jiaokan.faults.transcoding.stretches import groups, stretches, trimmed
from jiaokan.screen import may_have

UTF8_AS_GBK = Channel(ENCODERS["UTF-8"], DECODERS["GBK"])
GBK_AS_LATIN = Channel(ENCODERS["GBK"], DECODERS["Latin-1"])
BIG5_AS_GBK = Channel(ENCODERS["Big5"], DECODERS["GBK"])


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda each: f"{each.written.name} as {each.read.name}")
@given(text=st.text("会议改到下午两点請把檔案のテスト자료를 保存abc 12", min_size=1, max_size=8))
def test_what_a_channel_garbles_it_undoes(channel: Channel, text: str) -> None:
    try:
        read = text.encode(channel.written.codec).decode(channel.read.codec)
        kept = read.encode(channel.read.codec) == text.encode(channel.written.codec)
    except UnicodeError:
        return
    if kept:
        assert channel.undo(read) == text


@pytest.mark.parametrize("decoder", [each for each in DECODERS.values() if each.single], ids=lambda each: each.name)
def test_every_byte_that_is_read_is_taken_back(decoder) -> None:  # type: ignore[no-untyped-def]
    for byte, char in enumerate(decoder.chars):
        assert char == "\ufffe" or decoder.back(char) == bytes((byte,))


@given(
    st.text("这里写着娴嬭瘯数据abc ，。²âÊÔ", max_size=20), st.sampled_from([UTF8_AS_GBK, GBK_AS_LATIN, BIG5_AS_GBK])
)
def test_groups_cover_a_line_without_a_gap(line: str, channel: Channel) -> None:
    cut = groups(line, channel)
    assert "".join(line[group.start : group.end] for group in cut) == line
    assert all(first.end == second.start for first, second in pairwise(cut))


@given(
    st.text("这里写着娴嬭瘯数据abc ，。²âÊÔ", max_size=20), st.sampled_from([UTF8_AS_GBK, GBK_AS_LATIN, BIG5_AS_GBK])
)
def test_stretches_are_edits_of_their_line(line: str, channel: Channel) -> None:
    edits = stretches(line, channel)
    assert all(line[edit.start : edit.end] == edit.before != edit.after for edit in edits)
    assert all(channel.undo(edit.before) == edit.after for edit in edits)
    assert all(first.end <= second.start for first, second in pairwise(edits))


@pytest.mark.parametrize(
    ("line", "channel", "after"),
    [
        ("标题：娴嬭瘯", UTF8_AS_GBK, ["测试"]),
        ("在娴嬭瘯里", UTF8_AS_GBK, ["测试"]),
        ("ÎÄ¼þ read.txt ÎÄ¼þ", GBK_AS_LATIN, ["文件 read.txt 文件"]),
        ("他說ÎÄ¼þ不見了", GBK_AS_LATIN, ["文件"]),
        ("没有乱码", UTF8_AS_GBK, []),
    ],
)
def test_the_borders_of_the_damage_are_found(line: str, channel: Channel, after: list[str]) -> None:
    assert [edit.after for edit in stretches(line, channel)] == after


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [("abc", "abc", None), ("(x)", "(y)", (1, "x", "y")), ("ab", "aab", (1, "", "a")), ("aXc", "ac", (1, "X", ""))],
)
def test_an_edit_is_trimmed_to_what_differs(before: str, after: str, edit: tuple[int, str, str] | None) -> None:
    made = trimmed(0, before, after)
    assert (made and tuple(made)) == edit


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_a_trimmed_edit_does_the_same(before: str, after: str) -> None:
    made = trimmed(0, before, after)
    assert apply(before, [made] if made else []) == after


def test_the_tables_of_big5_are_tried_together() -> None:
    gbk_as_big5 = Channel(ENCODERS["GBK"], DECODERS["Big5"])
    assert len(tables(gbk_as_big5)) == 3
    assert tables(UTF8_AS_GBK) == (UTF8_AS_GBK,)
    assert len(likewise((UTF8_AS_GBK, gbk_as_big5))) == 3


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("瀛楃闆嗛敊浜", True),
        ("ÏµÍ³ÉèÖÃ", True),
        ("本周五上午十点开会。", False),
        ("Où était-elle ?", False),
        ("Москва и Тверь", False),
    ],
)
def test_the_screen_sees_a_sign(text: str, signed: bool) -> None:
    assert may_have(text, Fault.TRANSCODING) is signed
    assert bool([*lines(text)]) is signed


def test_rare_characters_are_no_sign_in_sound_company() -> None:
    sound = "他已到耄耋之年，身体还是很好，每天早上都要出门走走。"
    together = "耄耋"
    assert may_have(sound, Fault.TRANSCODING)
    assert may_have(together, Fault.TRANSCODING)
    assert [*lines(sound)] == []
    assert [*lines(f"{together}氍毹")] != []


def test_other_lines_are_those_not_seen() -> None:
    text = "ÏµÍ³\nok\n好\n"
    (first, second) = others(text, [])
    assert [text[slice(*span)] for span in (first, second)] == ["ÏµÍ³", "好"]
    assert [*others(text, [first])] == [second]


def test_the_likeliest_channel_is_tried_first() -> None:
    first, *_ = candidates("ÎÄ¼þÃû³Æ", 6)
    assert (first.written.name, first.read.name) == ("GBK", "cp1252")


def test_a_line_is_undone_whole_where_that_is_clear() -> None:
    garbled = "系统启动以后，请检查网络连接。".encode("gbk").decode("latin-1")
    whole = clearly(garbled)
    assert whole is not None
    assert whole.edits == (Edit.at(0, garbled, "系统启动以后，请检查网络连接。"),)
    assert clearly("ÎÄ¼þ") is None
    assert clearly("La façade de l’hôtel était déjà éclairée.") is None
    assert undo_as_others("ÕýÔÚ±£´æÎÄ¼þ", whole.chains) is not None
    assert undo_as_others("Où était-elle", whole.chains) is None


def test_lines_undone_together_are_what_each_is_alone() -> None:
    shown = [text.encode("gbk").decode("latin-1") for text in ("系统启动以后", "好", "", "ok", "网络", "再试")]
    shown[4] = "好"  # no bytes of Latin-1
    shown[5] = shown[5][:-1]  # half a character
    chain = (GBK_AS_LATIN,)
    assert decode_lines(shown, chain) == ["系统启动以后", "好", "", "ok", None, None]
    assert decode_lines(shown, chain) == [whole for line in shown for whole in decode_lines([line], chain)]
    assert decode_lines([], chain) == []


def test_a_line_that_fails_does_not_keep_others_of_its_page_from_being_undone() -> None:
    sound = ["系统启动以后，请检查网络连接。", "如果无法连接，请重新启动。", "然后再试一次就可以了。"]
    first, second, third = (line.encode("gbk").decode("latin-1") for line in sound)
    page = "\n".join((first, second, "这一行没有坏", third))
    assert repair(page).text == "\n".join((*sound[:2], "这一行没有坏", sound[2]))


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("文件名称", "GBK", True),
        ("龘靐齉爩", "GBK", False),
        ("ファイルの名前", "Shift_JIS", True),
        ("ファイルの名前", "GBK", False),
        ("파일 이름을 바꿉니다", "EUC-KR", True),
        ("파일 名称 变更 自動", "EUC-KR", False),
        ("①②③文", "GBK", False),
    ],
)
def test_what_comes_out_has_to_be_language(text: str, written: str, expected: bool) -> None:
    assert is_language(text, ENCODERS[written], 0.0) is expected


def test_one_letter_is_no_word_unless_bytes_prove_it() -> None:
    assert not has_letters([Edit.at(0, "²â", "测")], GBK_AS_LATIN)
    assert has_letters([Edit.at(0, "æµ‹", "测")], Channel(ENCODERS["UTF-8"], DECODERS["cp1252"]))
    assert not has_letters([Edit.at(0, "～～", "測試")], BIG5_AS_GBK)


def test_a_chain_is_told_from_its_last_mistake_on() -> None:
    (finding,) = find("脜盲脰脙脢媒戮脻")
    assert finding.edits[0].after == "配置数据"
    assert finding.evidence == "read as GBK, was UTF-8; before that read as cp1252, was GBK"


def test_bytes_prove_utf8_and_plausibility_decides_the_rest() -> None:
    assert [f.consent for f in find("鎿嶄綔绯荤粺")] == [Consent.CERTAIN]
    assert [f.consent for f in find("ÎÄ¼þÃû³Æ")] == [Consent.PROBABLE]


def test_a_page_teaches_its_lines() -> None:
    page = "\n".join(
        line.encode("gbk").decode("latin-1") for line in ("系统启动以后，请检查网络。", "好", "谢谢大家的帮助。")
    )
    assert repair(page, script="keep").text == "系统启动以后，请检查网络。\n好\n谢谢大家的帮助。"
    assert find("ºÃ") == []


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("用GBK打开UTF-8文件，“测试”就变成“娴嬭瘯”。", True),
        ("这种乱码写作娴嬭瘯，原文是测试两个字。", True),
        ("标题里的“测试”显示成了“娴嬭瘯”，请修正。", True),
        ("请在娴嬭瘯里打开这个选项。", False),
        ("娴嬭瘯", False),
    ],
)
def test_an_example_in_prose_is_no_damage(line: str, example: bool) -> None:
    at = line.index("娴嬭瘯")
    assert is_example(line, line, (Edit.at(at, "娴嬭瘯", "测试"),)) is example
    assert (repair(line).text == line) is example


def test_an_example_is_reported_all_the_same() -> None:
    (finding,) = detect("用GBK打开UTF-8文件，“测试”就变成“娴嬭瘯”。")
    assert (finding.fault, finding.consent) == (Fault.TRANSCODING, Consent.SUGGESTED)


@pytest.mark.parametrize("text", ["", "ÿ", "娴", "\ufffd" * 40, "ÃÂ" * 200, "\x80\x81" * 50, "～" * 30, "\ud800瀛楃闆"])
def test_odd_text_gives_a_repair(text: str) -> None:
    done = repair(text)
    assert apply(done.source.text, done.edits) == done.text


def test_a_hypothesis_says_how_much_likelier_it_is() -> None:
    best = search_channels("ÎÄ¼þÃû³Æ")
    assert best is not None
    assert best.gain > 10
    assert best.margin > 1
    assert search_channels("Où était-elle ?") is None
