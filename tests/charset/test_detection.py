"""Which charset bytes are in: proof where there is any, then the likeliest reading; a label is evidence and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan import Source
from jiaokan.charset.detection import detect

SIMPLIFIED = [
    "公园里的人很多",
    "下午三点开会",
    "他昨天没有来上班",
    "价格比上个月便宜",
    "请把门关上",
    "孩子们在操场上踢足球",
]
TRADITIONAL = [
    "公園裡的人很多",
    "下午三點開會",
    "他昨天沒有來上班",
    "價格比上個月便宜",
    "請把門關上",
    "孩子們在操場上踢足球",
]
CODECS = {
    "utf-8": "utf-8",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "hz": "hz",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32-le": "utf-32-le",
}


@pytest.mark.parametrize("charset", CODECS)
@pytest.mark.parametrize("number", range(len(SIMPLIFIED)))
def test_a_short_field_is_read_without_a_label(charset: str, number: int) -> None:
    text = (TRADITIONAL if charset == "big5" else SIMPLIFIED)[number]
    read = Source.read(text.encode(charset))
    assert (read.text, read.charset, read.losses, read.passages) == (text, CODECS[charset], (), ())
    assert read.confidence > 0.9


@pytest.mark.parametrize(
    ("text", "charset", "codec"),
    [
        ("ファイルを保存しました。", "cp932", "cp932"),
        ("ファイルを保存しました。", "euc_jp", "euc_jp"),
        ("파일을 저장했습니다.", "euc_kr", "cp949"),
        ("Файл был сохранён вчера.", "koi8-r", "koi8-r"),
        ("Файл был сохранён вчера.", "cp1251", "cp1251"),
        ("Le café était très bon, même à la crème.", "latin-1", "cp1252"),
        ("Das Gerät wurde für drei Stunden geprüft.", "latin-1", "cp1252"),
        ("日本語の文字", "iso2022_jp", "iso2022_jp"),
        ("한국어 문서", "iso2022_kr", "iso2022_kr"),
    ],
)
def test_a_neighbour_is_found(text: str, charset: str, codec: str) -> None:
    read = Source.read(text.encode(charset))
    assert (read.text, read.charset) == (text, codec)


@pytest.mark.parametrize("text", ["é", "да", "ñ año", "Tiếng Việt", "→★", "👍", "naïve", "Łódź", "ßü", "Ελλάδα"])
def test_short_utf8_of_any_language_stays(text: str) -> None:
    read = Source.read(text.encode())
    assert (read.text, read.charset) == (text, "utf-8")


@pytest.mark.parametrize(
    "raw",
    [
        b"echo ~{a,b}\nls ~{data~}\n",
        b"x~{y}z $a~{b}~}",
        b"HZ begins with '~{' and ends with '~}'.",
        b"\x1b[31mred\x1b[0m",
        b"Yes",
        b"main",
        b"USD 12",
        b"\x1b{",
        b"\0",
    ],
)
def test_seven_bits_that_only_look_escaped_are_ascii(raw: bytes) -> None:
    assert Source.read(raw).text == raw.decode("ascii")


@given(st.text(st.characters(min_codepoint=1, max_codepoint=0x7E), max_size=24).filter(lambda text: "~" not in text))
def test_ascii_that_is_declared_stays_ascii(text: str) -> None:
    assert Source.read(text.encode(), "gbk").text == text


def test_utf16_without_a_mark_may_hold_english_and_line_ends() -> None:
    for text in ("Hello, world", "你好\r\n世界\r\n"):
        assert Source.read(text.encode("utf-16-le")).text == text


def test_valid_utf8_is_believed_against_any_label() -> None:
    text = "统计结果已经公布"
    read = Source.read(text.encode(), "gbk")
    assert (read.text, read.charset) == (text, "utf-8")
    assert "though declared as gbk" in read.evidence


def test_a_label_decides_where_the_bytes_do_not() -> None:
    raw = bytes.fromhex("b9c5")  # 古 in GBK, 嘛 in Big5
    read = {label: Source.read(raw, label).text for label in ("gbk", "big5")}
    assert read == {"gbk": raw.decode("gbk"), "big5": raw.decode("big5")}


def test_a_page_declares_its_own_charset() -> None:
    raw = b'<meta http-equiv="Content-Type" content="text/html; charset=big5">' + bytes.fromhex("b9c5")
    assert Source.read(raw).charset == "big5hkscs"


@pytest.mark.parametrize("label", ["utf-8", "big5", "shift_jis"])
def test_a_wrong_label_loses_against_a_clearly_better_reading(label: str) -> None:
    text = "孩子们在操场上踢足球"
    assert Source.read(text.encode("gbk"), label).text == text


@pytest.mark.parametrize(
    "text",
    [
        "/* 初始化变量 */\nint main(void) { return 0; } // 结束\n",
        '{"name": "张三", "sex": "男"}\n{"name": "李四", "sex": "女"}\n',
        '<html><head><meta charset="utf-8"><title>首页</title></head><body>您好</body></html>',
        "1,男,北京\n2,女,上海\n",
    ],
)
def test_chinese_among_ascii_is_read(text: str) -> None:
    read = Source.read(text.encode("gbk"))
    assert (read.text, read.charset, read.passages) == (text, "gb18030", ())
    assert read.confidence > 0.5


def test_what_is_no_text_is_read_without_confidence() -> None:
    read = Source.read(bytes(range(0x80, 0x100)) * 4)
    assert read.confidence < 0.1
    assert "least unlikely" in read.evidence


def test_the_second_in_question_is_named() -> None:
    found = detect("开会".encode("gbk"))
    assert found.rival
    assert 0 <= found.rival.confidence < found.confidence <= 1
    assert found.rival.charset != found.codec
