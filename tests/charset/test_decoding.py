"""Bytes of a known codec become text: every byte is read or on record, and an accident costs what it touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.charset.decoding import Loss, decode, forms
from jiaokan.edits import Span

WHOLE = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PAIRS = ("big5hkscs", "cp932", "cp949", "euc_jp", "euc_tw")
SEVEN_BITS = ("hz", "iso2022_cn", "iso2022_jp", "iso2022_kr")
CODECS = (*WHOLE, *PAIRS, *SEVEN_BITS, "cp1252", "koi8-r")
# Pieces of charsets, so that what is put together is nearly right more often than by chance.
PIECES = st.sampled_from(
    [
        *("中文".encode(codec) for codec in ("utf-8", "gb18030", "big5", "utf-16-le", "hz", "iso2022_jp")),
        *(b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0\xbd", b"\xc0\x80", b"\xe4", b"\xe4\xbd", b"\xf0\x8d\xa0\x80"),
        *(b"\x80", b"\xff", b"\xa3\xe1", b"\x84\x31\x95", b"\xb5\x32", b"\x8e\xa2\xa1\xa1", b"\x00", b"\x00\xd8"),
        *(b"~{", b"~}", b"~", b"\n", b"\x0e", b"\x0f", b"\x1b", b"\x1b$)A", b"\x1b$)G", b"\x1b$*H", b"\x1bN!!"),
    ]
)
BYTES = st.one_of(st.binary(max_size=40), st.lists(PIECES | st.binary(max_size=3), max_size=12).map(b"".join))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def lost(text: str, raw: bytes, at: int) -> tuple[str, tuple[Loss, ...]]:
    """A text with one loss in it, as ``decode`` gives it."""
    return text, (Loss(Span(at, at + len(raw)), raw),)


@given(BYTES, st.sampled_from(CODECS))
def test_any_bytes_are_text_with_one_mark_for_each_lost_byte(raw: bytes, codec: str) -> None:
    text, losses = decode(raw, codec)
    assert not any(0xD800 <= ord(char) < 0xE000 for char in text)
    ends = -1
    for loss in losses:
        assert loss.span.start > ends, "losses side by side are one"
        assert loss.raw
        assert text[slice(*loss.span)] == "\ufffd" * len(loss.raw)
        ends = loss.span.end


@given(TEXT, st.sampled_from(WHOLE))
def test_a_codec_of_all_unicode_gives_every_text_back(text: str, codec: str) -> None:
    assert decode(text.encode(codec), codec) == (text, ())


@given(TEXT, st.sampled_from(("cp932", "cp949", "euc_jp", "hz", "iso2022_jp", "iso2022_kr", "cp1252", "koi8-r")))
def test_what_a_codec_of_python_can_write_is_read_as_python_reads_it(text: str, codec: str) -> None:
    raw = text.encode(codec, "ignore")
    assert decode(raw, codec)[0] == raw.decode(codec, "replace")


@given(BYTES, st.sampled_from(("utf-16-le", "utf-32-be", "cp949", "koi8-r", "cp1252")))
def test_the_text_and_its_losses_hold_all_the_bytes(raw: bytes, codec: str) -> None:
    text, losses = decode(raw, codec)
    parts, done = [], 0
    for loss in losses:
        parts += text[done : loss.span.start].encode(codec), loss.raw
        done = loss.span.end
    assert b"".join(parts) + text[done:].encode(codec) == raw


@pytest.mark.parametrize("codec", ["nonsense", "base64", "rot13", "utf-7", "punycode", "unicode_escape", "undefined"])
def test_what_is_no_charset_is_refused(codec: str) -> None:
    with pytest.raises(LookupError):
        decode(b"abc", codec)


@pytest.mark.parametrize("label", ["UTF8", "Big5-HKSCS", "HZ-GB-2312", "GB18030", "windows-1252"])
def test_python_s_other_names_are_known(label: str) -> None:
    assert decode(b"abc", label) == ("abc", ())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"\xed\xa0\xbd\xed\xb8\x80", "😀", id="CESU-8"),
        pytest.param(b"\xed\xaf\xbf\xed\xbf\xbf", "\U0010ffff", id="CESU-8, the last character"),
        pytest.param(b"\xc0\x80", "\0", id="the zero of Java"),
        pytest.param(b"\xc1\xa1\xe0\x81\xa1\xf0\x80\x81\xa1", "aaa", id="overlong, two to four bytes"),
        pytest.param(b"\xf0\x84\xbd\xa0", "你", id="overlong Han"),
        pytest.param("中\ufffd文".encode(), "中\ufffd文", id="U+FFFD itself is no loss"),
    ],
)
def test_forms_of_utf8_with_a_plain_meaning_are_read(raw: bytes, text: str) -> None:
    assert decode(raw, "utf-8") == (text, ())


@pytest.mark.parametrize(
    ("raw", "text", "gone", "at"),
    [
        pytest.param(b"a\xed\xa0\xbdb", "a\ufffd\ufffd\ufffdb", b"\xed\xa0\xbd", 1, id="half of a surrogate pair"),
        pytest.param(b"\xf0\x8d\xa0\x80", "\ufffd" * 4, b"\xf0\x8d\xa0\x80", 0, id="an overlong surrogate"),
        pytest.param("中文".encode()[:-1], "中\ufffd\ufffd", b"\xe6\x96", 1, id="a cut end"),
        pytest.param("中文".encode()[1:], "\ufffd\ufffd文", b"\xb8\xad", 0, id="a cut start"),
        pytest.param(b"\xe4\xb8\xad\xff\xe6\x96\x87", "中\ufffd文", b"\xff", 1, id="a stray byte"),
        pytest.param(b"\xe4\xff\xb8\xad\xe6\x96\x87", "中\ufffd文", b"\xff", 1, id="within a character"),
        pytest.param(b"\xe4\xb8\xfe\xad\xe6\x96\x87", "中\ufffd文", b"\xfe", 1, id="before its last byte"),
        pytest.param(b"\xf4\x90\x80\x80", "\ufffd" * 4, b"\xf4\x90\x80\x80", 0, id="beyond Unicode"),
        pytest.param(b"\xf8\x88\x80\x80\x80a", "\ufffd" * 5 + "a", b"\xf8\x88\x80\x80\x80", 0, id="five bytes"),
    ],
)
def test_what_utf8_loses(raw: bytes, text: str, gone: bytes, at: int) -> None:
    assert decode(raw, "utf-8") == lost(text, gone, at)


def test_the_forms_that_were_met_are_named() -> None:
    assert forms("中文 é".encode()) == ()
    assert forms(b"\xed\xa0\xbd\xed\xb8\x80\xc0\x80\xed\xa0\xbd") == ("CESU-8", "overlong", "lone surrogate")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("€5".encode("gb18030"), "€5", id="the euro sign of GB 18030"),
        pytest.param(b"\x805", "€5", id="the euro sign of code page 936"),
        pytest.param(b"\x95\x32\x82\x36\xd6\xd0", "𠀀中", id="four bytes"),
    ],
)
def test_gb18030_reads(raw: bytes, text: str) -> None:
    assert decode(raw, "gb18030") == (text, ())


@pytest.mark.parametrize(
    ("codec", "raw", "text", "gone", "at"),
    [
        pytest.param("gb18030", b"\xd6\xd0\xff\xce\xc4", "中\ufffd文", b"\xff", 1, id="gb18030, FF"),
        pytest.param("gb18030", b"\xd6\xd0\xb52x", "中\ufffd2x", b"\xb5", 1, id="gb18030, half a pair and a digit"),
        pytest.param("gb18030", b"a\x84\x31\x95", "a\ufffd\ufffd\ufffd", b"\x84\x31\x95", 1, id="gb18030, cut"),
        pytest.param("gb18030", b"\xd6\xd0\xce", "中\ufffd", b"\xce", 1, id="gb18030, half a pair at the end"),
        pytest.param(
            "big5hkscs", b"\xa4\xa4\x81\xa1\xa4\xe5", "中\ufffd\ufffd文", b"\x81\xa1", 1, id="Big5, no character"
        ),
        pytest.param("big5hkscs", b"\xa4\xa4\x81@", "中\ufffd@", b"\x81", 1, id="Big5, ASCII is kept"),
        pytest.param("big5hkscs", b"\xa4\xa4\x80\xa4\xe5", "中\ufffd文", b"\x80", 1, id="Big5, no lead byte"),
        pytest.param("cp949", b"\xb0\xa1\xc9\xa1a", "가\ufffd\ufffda", b"\xc9\xa1", 1, id="Korean, user-defined"),
        pytest.param("utf-16-le", b"a\0\x3d\xd8b\0", "a\ufffd\ufffdb", b"\x3d\xd8", 1, id="UTF-16, half a pair"),
        pytest.param("utf-16-be", b"\0a\0", "a\ufffd", b"\0", 1, id="UTF-16, an odd byte"),
        pytest.param("utf-32-le", b"a\0\0\0\0\0\x11\0", "a" + "\ufffd" * 4, b"\0\0\x11\0", 1, id="UTF-32, too high"),
    ],
)
def test_what_other_codecs_lose(codec: str, raw: bytes, text: str, gone: bytes, at: int) -> None:
    assert decode(raw, codec) == lost(text, gone, at)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"~{VPND~}~~~\n.", "中文~."),
        (b"~{VPND\nabc", "中文\nabc"),
        (b"a~b~{VPND~}", "a\ufffdb中文"),
        (b"~{VP\xffND~}", "中\ufffd文"),
        (b"~{V\xffPND~}", "中\ufffd文"),
        (b"~{\xffPNDVP~}", "\ufffd\ufffd文中"),
        (b"~{VPN\xb5VP~}", "中\ufffd\ufffd中"),
        (b"~{VPND ~}~}c", "中文 \ufffd\ufffdc"),
        (b"~{VPN", "中\ufffd"),
        (b"x~", "x\ufffd"),
    ],
)
def test_hz(raw: bytes, text: str) -> None:
    assert decode(raw, "hz")[0] == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\x1b$)A\x0eVPND\x0f, ~", "中文, ~"),
        (b"\x1b$)G\x0eDcEF\x0f", "中文"),
        (b"\x1b$*H\x1bN!!.", "乂."),
        (b"\x1bN!!.", "\ufffd\ufffd\ufffd\ufffd."),
        (b"\x1b$)A\x0eVP\nVP\n", "中\nVP\n"),
        (b"\x1b$)A\x0eV\xffP\x0f\x1bx", "中\ufffd\ufffdx"),
        (b"\x1b$)G\x0eDc\xffF\x0f", "中\ufffd\ufffd"),
        (b"\x0eVP\x0f", "\ufffdVP"),
    ],
)
def test_iso2022_cn(raw: bytes, text: str) -> None:
    assert decode(raw, "iso2022_cn")[0] == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xc4\xe3\xc5\xc6 ok", "中文 ok"),
        (b"\x8e\xa1\xc4\xe3\x8e\xa2\xa1\xa1", "中乂"),
        (b"\x8e\xa3\xa1\xa1.", "\ufffd" * 4 + "."),
        (b"\xc4\xe3\xff\xc5\xc6", "中\ufffd文"),
        (b"\xc4.", "\ufffd."),
    ],
)
def test_euc_tw(raw: bytes, text: str) -> None:
    assert decode(raw, "euc_tw")[0] == text
