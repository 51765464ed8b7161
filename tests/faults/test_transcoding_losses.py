"""Bytes that were lost: what they can have been, what is filled in, and what stays U+FFFD."""

from __future__ import annotations

import pytest

from jiaokan import Consent, Fault, Finding, detect, repair
from jiaokan.faults.transcoding.channels import DECODERS, EURO
from jiaokan.faults.transcoding.lossy_lines import restored
from jiaokan.faults.transcoding.lost_bytes import HOLE, LEADS, TRAILS, candidate_characters, to_holed_line, unshown

GBK = DECODERS["GBK"]
SENTENCE = "这个问题可以通过升级软件来解决。"


def finding(text: str) -> Finding:
    found = [each for each in detect(text, script="keep") if each.fault is Fault.TRANSCODING]
    assert len(found) == 1
    return found[0]


def test_what_gbk_cannot_show_is_what_python_does_not_decode() -> None:
    for following in (0x80, 0xA1, 0xE5):
        for byte in (*TRAILS, *LEADS):
            shown = bytes((byte, following)).decode("gbk", "ignore")
            assert (byte in unshown(GBK, following)) == (len(shown) != 1)


def test_the_euro_stands_for_one_byte() -> None:
    assert EURO.back("涓€") == "一".encode()
    assert EURO.back("涓\ue15f") == "涓\ue15f".encode("gb18030")
    assert EURO.reach("涓€\ud800") == 2


@pytest.mark.parametrize("name", ["GBK", "cp1252", "Latin-1", "Big5", "EUC-KR"])
def test_a_stream_has_the_bytes_of_what_it_shows(name: str) -> None:
    decoder = DECODERS[name]
    text = "".join(char for char in SENTENCE.encode().decode(decoder.codec, "ignore") if decoder.back(char))
    shown = to_holed_line(f"a{text}\ufffdb", decoder)
    assert shown.raw == b"a" + (decoder.back(text) or b"") + bytes((HOLE,)) + b"b"
    assert shown.places[len(shown.raw)] == len(text) + 3


def test_a_lost_byte_is_one_that_could_be_lost() -> None:
    shown = to_holed_line("閸�", GBK)  # E9 8D B8 and a byte that is lost, of which the first two open a character
    for spelling in candidate_characters(shown, 0, len(shown.raw), shares=False):
        assert all(char.encode().startswith(b"\xe9\x8d") for char in spelling.chars if char != "\ufffd")


@pytest.mark.parametrize("mark", ["\ufffd", "?", ""])
def test_the_marks_of_lost_bytes_are_all_alike(mark: str) -> None:
    shown = SENTENCE.encode().decode("gbk", "replace").replace("\ufffd", mark)
    found = finding(shown)
    assert found.edits[0].after == SENTENCE
    assert found.consent is Consent.PROBABLE
    assert found.evidence == "read as GBK, was UTF-8; 4 characters filled in"


def test_what_nobody_knows_is_left_open() -> None:
    result = repair("娴嬭瘯鏁版嵁�����鏁版嵁搴撹蒋浠�", script="keep")
    assert result.text == "测试数据�����数据库软件"


def test_crumbs_of_characters_are_not_taken_for_sound_ones() -> None:
    shown = "热空调，开了一晚还是冷风".encode().decode("gb18030", "ignore")
    assert "寮浜" in shown
    assert shown[-1] == "椋"
    assert repair(shown, script="keep").text == "热空调，开了一晚还是冷\ufffd"


def test_sound_words_beside_garbled_ones_are_no_crumbs() -> None:
    shown = "进度|" + "等待审核".encode().decode("gbk", "ignore") + "|好评"
    assert repair(shown, script="keep").text == "进度|等待审核|好评"


def test_a_page_is_read_as_its_first_lines_were() -> None:
    lines = [SENTENCE, "今天的天气很好，我们一起去公园散步吧。", "数据库软件"]
    shown = "\n".join(line.encode().decode("gbk", "replace") for line in lines)
    result = repair(shown, script="keep")
    assert result.text == "\n".join(lines)


def test_a_line_of_which_most_is_lost_is_a_doubt() -> None:
    text = "中国人民银行决定下调存款准备金率".encode().decode("latin-1")
    shown = "".join(char for char in text if not "\x80" <= char <= "\x9f")
    result = repair(shown, script="keep")
    assert result.text is shown
    assert "lost" in result.doubts[0].evidence


@pytest.mark.parametrize("text", ["他问?", "看不清的�字", "caf\ufffd ferm\ufffd", "真的吗?是的?"])
def test_sound_text_with_holes_has_nothing_to_restore(text: str) -> None:
    assert detect(text) == ()
    assert not list(restored(text, GBK))


def test_a_question_mark_that_was_there_stays() -> None:
    shown = "为什么?因为他没有钱。".encode().decode("gbk", "replace").replace("\ufffd", "?")
    assert repair(shown, script="keep").text == "为什么?因为他没有钱。"
