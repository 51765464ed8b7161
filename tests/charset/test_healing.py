"""A stray byte costs itself; a page that a site cut open is left to the repair."""

from __future__ import annotations

import pytest

from jiaokan import Source
from jiaokan.charset.decoding import decode

TEXT = "我们今天去北京，他们明天去上海，后天大家都回来。到了晚上，孩子们在家里看电视。"


@pytest.mark.parametrize("stray", [b"\xff", b"\x80", b"\xb5", b"\xa1"])
@pytest.mark.parametrize("at", [4, 16, 30])
def test_a_stray_byte_in_gbk_costs_no_more_than_its_neighbour(stray: bytes, at: int) -> None:
    raw = TEXT.encode("gbk")
    read = Source.read(raw[:at] + stray + raw[at:])
    assert read.text[: at // 2 - 1] == TEXT[: at // 2 - 1]
    assert read.text.endswith(TEXT[at // 2 + 1 :])


@pytest.mark.parametrize("text", ["當?shù)厣祥T", "借款人??焖俚馁J款", "因為?yàn)楦鞣N原因"])
def test_a_page_that_was_cut_open_is_read_as_it_is(text: str) -> None:
    read = Source.read(text.encode("gb18030"), "gbk")
    assert (read.text, read.losses) == (text, ())


def test_a_lost_byte_before_a_reading_is_left_to_the_repair() -> None:
    raw = "當地上門".encode("gbk")
    cut = raw[:3] + "(shù)".encode("gbk") + raw[3:]
    read = Source.read("因為在".encode("gbk") + cut + "催收".encode("gbk"))
    assert read.text == "因為在當\ufffd(shù)厣祥T催收"


def test_utf8_keeps_ascii_beside_a_bad_byte() -> None:
    read = Source.read("打开 LibreOf".encode() + b"\xff" + "fice 的语言包，并安装。".encode())
    assert read.text == "打开 LibreOf\ufffdfice 的语言包，并安装。"


def test_a_letter_that_a_bad_byte_swallowed_comes_back() -> None:
    text = "下表简要介绍了 LibreOffice 中的错误代码信息。"
    raw = text.encode("gb18030")
    read = Source.read(raw[:16] + b"\xb4" + raw[17:])  # with the next letter it is a character
    assert read.text == text.replace("Li", "L\ufffd")


@pytest.mark.parametrize("stray", [b"\xb4", b"\xd6", b"\xae"])
def test_a_byte_put_into_big5_costs_itself_and_its_neighbour_nearly_everywhere(stray: bytes) -> None:
    text = "酒店總體還可以，值得推薦！\n前臺服務態度一般，孩子很喜歡這個房間。"
    raw = text.encode("big5")
    dear = 0
    for at in range(len(raw)):
        touched = len(raw[:at].decode("big5", "ignore"))
        read = Source.read(raw[:at] + stray + raw[at:]).text
        dear += not (read.startswith(text[: max(0, touched - 1)]) and read.endswith(text[touched + 1 :]))
    assert dear <= len(raw) / 20


@pytest.mark.parametrize("stray", [b"\xff", b"\x80"])
@pytest.mark.parametrize("at", range(12, 18))
def test_a_character_of_four_bytes_costs_what_others_cost(stray: bytes, at: int) -> None:
    text = "网络的快车😀实现畅游世界的梦想。"
    raw = text.encode("gb18030")
    put_in = Source.read(raw[:at] + stray + raw[at:], "gb18030").text
    written_over = Source.read(raw[:at] + stray + raw[at + 1 :], "gb18030").text
    touched = len(raw[:at].decode("gb18030", "ignore"))
    for read in (put_in, written_over):
        assert read.startswith(text[:touched])
        assert read.endswith(text[touched + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "鑫鱻犇羴猋骉麤驫贔尛毳淼焱垚掱畾飝灥厵瞐蟲",
        "我的朋友是谦迷~这本书是给她买的，以下是她的评论",
        "羽林T队，龙骧D组。",
    ],
)
def test_rare_characters_and_signs_that_a_writer_put_there_are_left(text: str) -> None:
    read = Source.read(text.encode("gb18030"), "gb18030")
    assert (read.text, read.losses) == (text, ())


@pytest.mark.parametrize("at", range(2, 20))
def test_hz_with_a_byte_overwritten_loses_one_character(at: int) -> None:
    text = "我们今天去北京，他们明天去上海。"
    raw = text.encode("hz")
    read = Source.read(raw[:at] + b"\xb5" + raw[at + 1 :])
    assert read.charset == "hz"
    assert read.text.replace("\ufffd\ufffd", "?") == text[: at // 2 - 1] + "?" + text[at // 2 :]


@pytest.mark.parametrize(
    ("want", "raw", "charset"),
    [
        (
            "顯示確定係數 R\ufffd，請點擊圖表",
            "顯示確定係數 R2，請點擊圖表".encode("big5").replace(b"2", b"\xbe"),
            "big5",
        ),
        ("從199\ufffd年8月起", "從1996年8月起".encode("big5").replace(b"6", b"\xdd", 1), "big5"),
        ("可以在与 \ufffdebian 自由软件", "可以在与 Debian 自由软件".encode("gbk").replace(b"D", b"\xfb"), "gbk"),
        (
            "占总量8\ufffd％的发菜从这里销往各地",
            "占总量80％的发菜从这里销往各地".encode("gbk").replace(b"0", b"\xa6"),
            "gbk",
        ),
    ],
)
def test_half_a_character_shows_in_what_it_takes_or_leaves(want: str, raw: bytes, charset: str) -> None:
    assert Source.read(raw, charset).text == want


def test_a_stray_byte_has_nothing_else_read_otherwise() -> None:
    text = "檢查 udev、PAM、APT 和 Check in和Check out，再按 Home、End 的速度。"
    raw = text.encode("big5")
    at = raw.index("速".encode("big5")) + 1
    assert Source.read(raw[:at] + b"\x80" + raw[at:], "big5").text == text.replace("速", "速\ufffd")


def test_a_question_mark_elsewhere_does_not_keep_a_stretch_out_of_step() -> None:
    text = "怎么会这样?真的很奇怪。\n时候基本听不到什么声音。双核的速度不错。官网上的XP驱动也比较好装。"
    raw = text.encode("gbk")
    at = raw.index("本".encode("gbk"))
    bad = raw[:at] + b"\x80" + raw[at + 1 :]
    assert decode(bad, "gb18030")[1] == ()
    read = Source.read(bad, "gbk").text
    assert read == text.replace("本", "\ufffd\ufffd")


@pytest.mark.parametrize("text", ["装€的系统", "用apt安装", "买了一件T恤a", "而且没什么问€~~~"])
def test_letters_and_signs_beside_characters_are_left(text: str) -> None:
    raw = b"\x80".join(part.encode("gbk") for part in text.split("€"))
    assert Source.read(raw, "gbk").text == text


def test_utf16_with_ff_put_in_has_no_fullwidth_letter_for_half_a_character() -> None:
    text = "舆论认为，这其实就是哈塔米对美国要求与伊朗对话的回答。"
    raw = text.encode("utf-16-le")
    at = raw.index("塔".encode("utf-16-le"))
    assert Source.read(raw[:at] + b"\xff" + raw[at:], "utf-16-le").text == text.replace("塔", "\ufffd塔")
