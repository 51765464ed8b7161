"""What the benches of charsets and mojibake make of clean text is what pages show, and their verdicts are right."""

from random import Random

import pytest

from bench.forward import encode, garble
from bench.tasks import mojibake


@pytest.mark.parametrize(
    ("text", "pairs", "read"),
    [
        ("测试", ["utf-8 gbk"], "娴嬭瘯"),
        ("测试", ["gbk latin-1"], "²âÊÔ"),
        ("测试", ["utf-8 cp1252"], "æµ‹è¯•"),
        ("配置数据", ["gbk latin-1", "utf-8 gbk"], "脜盲脰脙脢媒戮脻"),
        ("试试吧", ["utf-8 gbk"], None),  # nine bytes: the last is lost
        ("test", ["utf-8 gbk"], None),  # nothing is garbled
        ("，", ["utf-8 cp1252"], "ï¼Œ"),
        ("级", ["utf-8 cp1252"], "çº§"),
        ("中国", ["utf-8 cp1252"], "ä¸\xadå›½"),
        ("京", ["utf-8 cp1252"], "äº¬"),
        ("北", ["utf-8 cp1252"], "åŒ—"),
        ("你", ["utf-8 cp1252"], "ä½\xa0"),
        ("好坏", ["utf-8 cp1252"], "å¥½å\x9d\x8f"),  # 9D and 8F are undefined and come out as controls
    ],
)
def test_text_is_garbled_as_it_is_on_real_pages(text: str, pairs: list[str], read: str | None) -> None:
    assert garble.garbled(text, *(garble.Pair(*pair.split()) for pair in pairs)) == read


@pytest.mark.parametrize(
    ("way", "text", "read"),
    [
        ("utf-8 as gbk, last odd byte ?", "测试吧", "娴嬭瘯鍚?"),
        ("utf-8 as gbk, last odd byte dropped", "测试吧", "娴嬭瘯鍚"),
        ("utf-8 as gbk, last odd byte ?", "测试", None),
        ("utf-8 as cp1252, undefined ?", "坏", "å??"),
        ("utf-8 as cp1252, soft hyphens dropped", "中", "ä¸"),
        ("utf-8 as latin-1, C1 dropped", "北", "å"),
    ],
)
def test_what_is_lost_is_lost_as_named(way: str, text: str, read: str | None) -> None:
    assert garble.LOSSES[way](text) == read


@pytest.mark.parametrize(
    ("got", "outcome"),
    [
        ("我们测�吧。", "but U+FFFD"),
        ("我们测�。", "but U+FFFD"),
        ("我们测嬭瘯吧。", "in part"),
        ("我们测量吧。", "wrong"),
        ("我们测吧。", "wrong"),
        ("测试", "wrong"),
    ],
)
def test_a_changed_text_is_judged_by_what_was_put_into_it(got: str, outcome: str) -> None:
    assert mojibake.changed(got, "我们测试吧。", "我们娴嬭瘯吧。") == outcome


def test_each_charset_of_the_bench_can_be_read_back_from_its_bytes() -> None:
    for name, charset in encode.CHARSETS.items():
        text = {"Chinese": "中文", "Japanese": "かな", "Korean": "한국", "Russian": "мир"}.get(charset.language, "é")
        assert encode.decoded(encode._bytes(text, charset), charset.codec) == text, name


def test_the_characters_put_in_are_what_they_are_put_in_for() -> None:
    assert all(len(char.encode("gb18030")) == 4 for char in encode._FOUR_BYTES)
    assert all(len(char.encode("big5hkscs")) == 2 and not char.encode("big5", "ignore") for char in encode._HKSCS_ONLY)
    assert encode.decoded(b"\x80100", "gbk") == "€100"


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "big5", "hz", "utf-16-le"])
@pytest.mark.parametrize("change", ["inserted", "overwritten"])
def test_a_bad_byte_is_one_byte_in_or_before_the_character_it_touches(codec: str, change: str) -> None:
    text, draw = "他的，中文。", Random(1)
    clean = text.encode(codec)
    for raw, touched in (encode.spoiled(text, codec, change, draw) for _ in range(50)):
        assert len(raw) == len(clean) + (change == "inserted")
        kept = len(text[:touched].encode(codec)) - 2 * (codec == "hz")
        assert raw[: max(0, kept)] == clean[: max(0, kept)]


@pytest.mark.parametrize(
    ("got", "right"),
    [("他说，�文。", True), ("他说，中文。", True), ("他说，��文。", True), ("他说，中�。", False), ("他说，", False)],
)
def test_with_a_bad_byte_all_but_the_character_touched_must_be_there(got: str, right: bool) -> None:
    charsets = pytest.importorskip("bench.tasks.charsets", exc_type=ImportError, reason="needs the extra bench")
    sample = charsets.Sample("gbk", "inserted", b"", "他说，中文。", touched=3)
    assert charsets.is_right(got, sample) is right


def test_lines_are_counted_each_for_itself() -> None:
    charsets = pytest.importorskip("bench.tasks.charsets", exc_type=ImportError, reason="needs the extra bench")
    sample = charsets.Sample("mixed lines", "by line", b"", "甲\n乙\n丙")
    assert charsets.right("甲\n?\n丙", sample) == (2, 3)
    assert charsets.right("甲\n丙", sample) == (0, 3)
