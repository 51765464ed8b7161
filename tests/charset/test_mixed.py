"""Files in several charsets are read line by line and field by field; sound files are read in one piece."""

from __future__ import annotations

from itertools import product

import pytest

from jiaokan import Source
from jiaokan.charset.decoding import decode
from jiaokan.charset.utf16 import drop_extra_byte

LINES = {
    "utf-8": "统计局昨天公布了上个月的数据",
    "gb18030": "天气预报说明天上午有小雨",
    "big5hkscs": "記者從會議上獲得了最新的消息",
}
FIELDS = {"utf-8": "测试文本", "gb18030": "联系电话", "big5hkscs": "會議記錄"}
PAIRS = [(rest, odd) for rest, odd in product(LINES, LINES) if rest != odd]


@pytest.mark.parametrize(("rest", "odd"), PAIRS)
def test_a_line_in_another_charset_is_read_in_its_own(rest: str, odd: str) -> None:
    codecs = [rest, rest, odd, rest, odd]
    raw = b"\n".join(LINES[codec].encode(codec) for codec in codecs)
    read = Source.read(raw)
    assert read.text == "\n".join(LINES[codec] for codec in codecs)
    assert (read.raw, read.losses) == (raw, ())
    assert [passage.charset for passage in read.passages] == [rest, odd, rest, odd]


@pytest.mark.parametrize(("rest", "odd"), PAIRS)
def test_a_field_in_another_charset_is_read_in_its_own(rest: str, odd: str) -> None:
    codecs = [rest, odd, rest, rest]
    row = b",".join(FIELDS[codec].encode(codec) for codec in codecs)
    read = Source.read(b"\n".join([row, row, row]))
    assert read.text == "\n".join([",".join(FIELDS[codec] for codec in codecs)] * 3)


def test_passages_cover_the_text_in_order() -> None:
    read = Source.read(b"a,b\n" + b"\n".join(line.encode(codec) for codec, line in LINES.items()) + b"\nend")
    ends = [passage.span.end for passage in read.passages]
    assert [passage.span.start for passage in read.passages] == [0, *ends[:-1]]
    assert ends[-1] == len(read.text)
    for span, charset in read.passages:
        assert LINES[charset] in read.text[slice(*span)]
    assert read.evidence == "lines or fields in utf-8 and gb18030 and big5hkscs"


def test_a_loss_in_a_mixed_file_lies_where_it_is() -> None:
    gbk, utf8 = LINES["gb18030"], LINES["utf-8"]
    read = Source.read(f"{gbk}\n".encode("gbk") * 3 + utf8.encode() + b"\xff" + f"{utf8}\n".encode() * 2)
    (loss,) = read.losses
    assert (loss.raw, read.text[slice(*loss.span)]) == (b"\xff", "\ufffd")
    assert read.text.replace("\ufffd", "") == f"{gbk}\n" * 3 + utf8 + f"{utf8}\n" * 2


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("饕餮,魑魅,魍魉,氍毹\n鲂,鲅,鲆,鲇,鲈\n", "gb18030"),
        ("姓名,性别\n龚勇,男\n覃雯,女\n", "gb18030"),
        ("君讳瓛，字伯珪，琅玡人也。祖旉，父翚。\n", "gb18030"),
        ("龔勇,男\n覃雯,女\n鬱鬱寡歡\n", "big5hkscs"),
    ],
)
def test_a_sound_file_with_rare_characters_is_in_one_charset(text: str, charset: str) -> None:
    read = Source.read(text.encode(charset), charset)
    assert (read.text, read.charset, read.passages) == (text, charset, ())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("at", [2, 10, 31])
def test_a_byte_too_many_in_utf16_costs_itself_and_one_character_at_most(codec: str, at: int) -> None:
    text = "我们今天去北京，他们明天去上海，后天大家都回来。"
    raw = text.encode(codec)
    read = Source.read(raw[:at] + b"\xf7" + raw[at:])
    assert read.charset == codec
    assert len(read.losses) == 1
    assert read.text.startswith(text[: at // 2])
    assert read.text.endswith(text[at // 2 + 1 :])


@pytest.mark.parametrize("size", [14, 13])
def test_utf16_in_step_is_left_as_it_is_whole_or_cut_off(size: int) -> None:
    raw = "我们今天去北京".encode("utf-16-le")[:size]
    assert drop_extra_byte(raw, "utf-16-le", *decode(raw, "utf-16-le")) == decode(raw, "utf-16-le")


@pytest.mark.parametrize(
    ("field", "odd", "rest"),
    [
        ("7月10日轉", "big5", "gbk"),
        ("对话框不被", "gbk", "big5"),
        ("小平同志", "gbk", "utf-8"),
        ("有諾必踐", "big5", "gbk"),
    ],
)
def test_a_field_that_reads_well_in_the_charset_of_the_file_is_weighed_by_the_others(
    field: str, odd: str, rest: str
) -> None:
    before = "會議記錄" if odd == "big5" else "联系电话"
    other = "時間地點" if rest == "big5" else "时间地点"
    rows = [[(other, rest), (each, odd), (other, rest), (other, rest)] for each in (before, before, field, before)]
    raw = b"\n".join(b",".join(text.encode(codec) for text, codec in row) for row in rows)
    assert Source.read(raw).text == "\n".join(",".join(text for text, _ in row) for row in rows)


def test_a_sign_by_itself_is_no_field_of_another_charset() -> None:
    rows = [[("选择视图 – 工具栏", "gbk"), ("會議記錄", "big5"), ("时间地点", "gbk")]] * 4
    raw = b"\n".join(b",".join(text.encode(codec) for text, codec in row) for row in rows)
    assert Source.read(raw).text == "\n".join(",".join(text for text, _ in row) for row in rows)
