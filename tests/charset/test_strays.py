"""A stray byte costs itself, where the bytes alone would have read everything behind it out of step."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiaokan.charset.bad_bytes import MOST_BYTES, decode_skipping_bad_bytes
from jiaokan.charset.decoding import decode

SIMPLIFIED = "借款人应当按时还款，逾期会留下不良记录。本站将探讨催收的必要性，以及它对借贷关系的影响。"
TRADITIONAL = "借款人應當按時還款，逾期會留下不良記錄。本站將探討催收的必要性，以及它對借貸關係的影響。"
TEXTS = [
    pytest.param("gb18030", SIMPLIFIED, id="gb18030"),
    pytest.param("gb18030", TRADITIONAL, id="gb18030, traditional"),
    pytest.param("big5hkscs", TRADITIONAL, id="big5hkscs"),
    pytest.param("utf-8", SIMPLIFIED, id="utf-8"),
]


def differing(one: str, other: str) -> tuple[str, str]:
    """What is left of two texts without their common beginning and end."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[: len(one) - end], other[: len(other) - end]


@pytest.mark.parametrize(("codec", "text"), TEXTS)
def test_a_byte_that_no_charset_has_costs_itself_wherever_it_was_put_in(codec: str, text: str) -> None:
    raw = text.encode(codec)
    for at in range(len(raw) + 1):
        read, losses = decode_skipping_bad_bytes(raw[:at] + b"\xff" + raw[at:], codec)
        assert read.replace("\ufffd", "") == text
        assert [loss.raw for loss in losses] == [b"\xff"]


@pytest.mark.parametrize(("codec", "text"), TEXTS)
def test_a_byte_that_was_overwritten_costs_its_character(codec: str, text: str) -> None:
    raw = text.encode(codec)
    for at in range(len(raw)):
        read, losses = decode_skipping_bad_bytes(raw[:at] + b"\xff" + raw[at + 1 :], codec)
        before, after = differing(text, read)
        assert (len(before), set(after)) == (1, {"\ufffd"})
        assert len(after) == sum(len(loss.raw) for loss in losses) == len(before.encode(codec))


@pytest.mark.parametrize(("codec", "text"), TEXTS)
def test_a_random_byte_put_in_costs_two_characters_at_most_nearly_everywhere(codec: str, text: str) -> None:
    chance = random.Random(4)
    raw = text.encode(codec)
    places = range(len(raw))
    dear = 0
    for at in places:
        read, _ = decode_skipping_bad_bytes(raw[:at] + bytes([chance.randrange(0x81, 0xFF)]) + raw[at:], codec)
        dear += len(differing(text, read)[0]) > 2
    assert dear <= len(places) / 20


@pytest.mark.parametrize(
    "text", ["买了一件T恤，很喜欢。", "A股和B股都涨了", "他说：“OK”，就走了", "５Ｇ手机，ＡＢＣ。", "€的汇率"]
)
def test_clean_text_with_a_letter_by_itself_is_left_alone(text: str) -> None:
    assert decode_skipping_bad_bytes(text.encode("gb18030"), "gb18030") == (text, ())


def test_several_strays_are_found_in_one_stretch() -> None:
    raw = SIMPLIFIED.encode("gb18030")
    bad = raw[:9] + b"\xff" + raw[9:40] + b"\xc4" + raw[40:]
    assert differing(SIMPLIFIED, decode_skipping_bad_bytes(bad, "gb18030")[0])[1].count("\ufffd") == 2


@pytest.mark.parametrize(
    ("codec", "text", "stray"), [("cp949", "안녕하세요 여러분", b"\xff"), ("cp932", "これはテストです", b"\x85")]
)
def test_korean_and_japanese_have_strays_too(codec: str, text: str, stray: bytes) -> None:
    raw = text.encode(codec)
    read, _ = decode_skipping_bad_bytes(raw[:6] + stray + raw[6:], codec)
    assert read.replace("\ufffd", "") == text


@pytest.mark.parametrize("codec", ["utf-16-le", "hz", "koi8-r", "euc_tw"])
def test_other_codecs_are_read_as_they_are(codec: str) -> None:
    assert decode_skipping_bad_bytes(b"\xff\xfe~{a", codec) == decode(b"\xff\xfe~{a", codec)


def test_a_stretch_that_is_too_long_is_read_as_it_is() -> None:
    raw = b"\xff" + b"\xd6\xd0" * (MOST_BYTES // 2)
    assert decode_skipping_bad_bytes(raw, "gb18030") == decode(raw, "gb18030")


@settings(deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["gb18030", "big5hkscs", "cp949", "cp932", "utf-8"]))
def test_any_bytes_are_text_with_one_mark_for_each_lost_byte(raw: bytes, codec: str) -> None:
    text, losses = decode_skipping_bad_bytes(raw, codec)
    for loss in losses:
        assert text[slice(*loss.span)] == "\ufffd" * len(loss.raw)
    assert not any(0xD800 <= ord(char) < 0xE000 for char in text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_valid_utf8_is_never_read_in_another_way(text: str) -> None:
    assert decode_skipping_bad_bytes(text.encode(), "utf-8") == (text, ())
