"""What CPython's codecs happen to do, where the design rests on it. A failure here is a change in Python."""

from __future__ import annotations

import random

import pytest

TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


def survives(pair: bytes, codec: str) -> bool:
    return pair.decode(codec, "surrogateescape").encode(codec, "surrogateescape") == pair


def lost_pairs(codec: str) -> list[str]:
    pairs = (bytes((first, second)) for first in range(256) for second in range(256))
    return [pair.hex() for pair in pairs if not survives(pair, codec)]


def characters(codec: str) -> dict[bytes, str]:
    """Every two-byte sequence in the range of GBK that the codec reads as one character."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in TRAILS)
    read = {pair: pair.decode(codec, "replace") for pair in pairs}
    return {pair: text for pair, text in read.items() if len(text) == 1 and text != "\ufffd"}


@pytest.mark.parametrize("codec", ["gbk", "gb18030", "utf-8", "cp949", "euc_kr"])
def test_every_two_byte_string_survives_surrogateescape(codec: str) -> None:
    assert lost_pairs(codec) == []


def test_big5_does_not_survive_in_four_places() -> None:
    assert lost_pairs("big5") == ["a1fe", "a240", "a2cc", "a2ce"]


def test_gb18030_reads_all_that_gbk_reads_and_the_user_defined_rows_too() -> None:
    gbk, gb18030 = characters("gbk"), characters("gb18030")
    assert (len(gbk), len(gb18030)) == (21_791, 23_940)
    assert gbk.items() <= gb18030.items()
    assert len(set(gb18030.values())) == len(gb18030)


@pytest.mark.parametrize(
    ("pair", "char"),
    [
        (b"\xaa\xa1", "\ue000"),
        (b"\xaf\xfe", "\ue233"),
        (b"\xf8\xa1", "\ue234"),
        (b"\xfe\xfe", "\ue4c5"),
        (b"\xa1\x40", "\ue4c6"),
        (b"\xa7\xa0", "\ue765"),
        (b"\xfa\xbb", "\ue30a"),
    ],
)
def test_gb18030_gives_the_user_defined_rows_the_private_characters_of_the_web(pair: bytes, char: str) -> None:
    assert pair.decode("gb18030") == char
    assert char.encode("gb18030") == pair
    with pytest.raises(UnicodeDecodeError):
        pair.decode("gbk")


def test_gb18030_still_holds_private_characters_that_have_a_standard_twin() -> None:
    assert b"\xfe\x59".decode("gb18030") == "\ue81e"
    assert b"\xa8\xbc".decode("gb18030") == "\ue7c7"
    assert len("\u9fb4".encode("gb18030")) == 4


def test_gb18030_writes_every_code_point_but_surrogates_without_a_loss() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    assert every.encode("gb18030").decode("gb18030") == every
    with pytest.raises(UnicodeEncodeError):
        "\ud800".encode("gb18030")


@pytest.mark.parametrize("codec", ["gbk", "gb18030"])
def test_a_lead_byte_before_a_parenthesis_is_lost_alone(codec: str) -> None:
    assert b"\xae\x94\xb5(sh".decode(codec, "replace") == "當\ufffd(sh"


def test_a_lead_byte_before_a_digit_may_begin_four_bytes_in_gb18030_only() -> None:
    assert b"\xb52x".decode("gbk", "replace") == "\ufffd2x"
    assert b"\xb5\x30\x81\x30".decode("gb18030") == "\U00081d18"


@pytest.mark.parametrize("codec", ["gbk", "gb18030", "cp936"])
@pytest.mark.parametrize("byte", [b"\x80", b"\xff"])
def test_the_bytes_80_and_ff_stand_for_nothing(codec: str, byte: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        byte.decode(codec)


def test_fullwidth_letters_and_marks_share_the_lead_byte_a3() -> None:
    assert "Ｉ".encode("gbk") == b"\xa3\xc9"
    assert "ｋ".encode("gbk") == b"\xa3\xeb"
    assert "，！？；：".encode("gbk") == b"\xa3\xac\xa3\xa1\xa3\xbf\xa3\xbb\xa3\xba"
    assert "。、".encode("gbk") == b"\xa1\xa3\xa1\xa2"


def test_the_mark_of_gb18030_is_four_bytes() -> None:
    assert "\ufeff".encode("gb18030") == b"\x84\x31\x95\x33"


@pytest.mark.parametrize(
    "codec", ["utf-8", "gb18030", "big5hkscs", "hz", "cp932", "cp949", "euc_jp", "utf-16-le", "utf-16-be", "utf-32-le"]
)
def test_no_decoder_makes_a_lone_surrogate(codec: str) -> None:
    chance = random.Random(20241204)
    for _ in range(2000):
        text = chance.randbytes(chance.randrange(40)).decode(codec, "replace")
        assert not any(0xD800 <= ord(char) < 0xE000 for char in text)
