"""Bytes of a charset, declared or not, become text, and every byte that could not be read is on record."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan import Loss, Source, Span
from jiaokan.charset.labels import codec_for

SIMPLIFIED = "本站将探讨催收的必要性，以及它对借贷关系的影响。借款人应当按时还款，逾期会留下不良记录。"
TRADITIONAL = "本站將探討催收的必要性，以及它對借貸關係的影響。借款人應當按時還款，逾期會留下不良記錄。"
TEXTS = {"utf-8": SIMPLIFIED, "gbk": SIMPLIFIED, "gb18030": SIMPLIFIED + "𠮷㐂", "big5": TRADITIONAL}
CHARSETS = [pytest.param(charset, text, id=charset) for charset, text in TEXTS.items()]


@pytest.mark.parametrize(("charset", "text"), CHARSETS)
def test_a_declared_charset_is_read(charset: str, text: str) -> None:
    read = Source.read(text.encode(charset), charset)
    assert read.text == text
    assert read.losses == ()


@pytest.mark.parametrize(("charset", "text"), CHARSETS)
def test_an_undeclared_charset_is_found(charset: str, text: str) -> None:
    read = Source.read(text.encode(charset))
    assert read.text == text
    assert read.losses == ()


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb18030", "big5"])
@pytest.mark.parametrize("label", ["utf-8", "gb2312", "big5", "latin-1", "windows-1252", "no such charset", "", "\0"])
def test_a_wrong_label_does_no_harm_to_utf8_and_none_raises(charset: str, label: str) -> None:
    text = TRADITIONAL if charset == "big5" else SIMPLIFIED
    raw = text.encode(charset)
    read = Source.read(raw, label)
    assert read.raw is raw
    if charset == "utf-8":
        assert read.text == text


@pytest.mark.parametrize(("charset", "text"), CHARSETS)
@pytest.mark.parametrize("label", ["latin-1", "windows-1252", "iso-8859-1", "no such charset"])
def test_a_label_that_says_nothing_is_as_good_as_none(charset: str, text: str, label: str) -> None:
    assert Source.read(text.encode(charset), label).text == text


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        ("\ufeff".encode("gb18030"), "gb18030"),
    ],
)
def test_a_byte_order_mark_outweighs_the_label_and_is_not_text(mark: bytes, codec: str) -> None:
    read = Source.read(mark + SIMPLIFIED.encode(codec), "big5")
    assert (read.text, read.charset, read.losses) == (SIMPLIFIED, codec, ())


def test_a_byte_order_mark_alone_is_an_empty_text() -> None:
    assert Source.read(codecs.BOM_UTF8).text == ""


@pytest.mark.parametrize("raw", [b"", "", b"plain ASCII", "plain text"])
def test_ascii_and_nothing_are_read_as_they_are(raw: str | bytes) -> None:
    read = Source.read(raw)
    assert read.text == (raw if isinstance(raw, str) else raw.decode("ascii"))
    assert read.losses == ()


def test_text_comes_back_as_the_same_object_without_a_charset() -> None:
    read = Source.read(SIMPLIFIED, "gbk")
    assert read.text is SIMPLIFIED
    assert read.raw is SIMPLIFIED
    assert read.charset is None


@pytest.mark.parametrize(("charset", "text"), CHARSETS)
def test_one_bad_byte_is_one_loss(charset: str, text: str) -> None:
    at = 20
    raw = text[:at].encode(charset) + b"\xff" + text[at:].encode(charset)
    read = Source.read(raw, charset)
    assert read.text == text[:at] + "\ufffd" + text[at:]
    assert read.losses == (Loss(Span(at, at + 1), b"\xff"),)
    assert read.raw == raw


@pytest.mark.parametrize("charset", TEXTS)
def test_one_bad_byte_does_not_hide_the_charset(charset: str) -> None:
    text = TEXTS[charset]
    raw = text[:20].encode(charset) + b"\xff" + text[20:].encode(charset)
    assert Source.read(raw).text == text[:20] + "\ufffd" + text[20:]


@pytest.mark.parametrize(("charset", "text"), CHARSETS)
@pytest.mark.parametrize("declared", [True, False])
def test_a_truncated_end_is_a_loss_at_the_end(charset: str, text: str, declared: bool) -> None:
    whole = text.rstrip("𠮷㐂")
    raw = whole.encode(charset)[:-1]
    read = Source.read(raw, charset if declared else None)
    kept = whole[:-1]
    assert read.text.startswith(kept)
    assert set(read.text[len(kept) :]) == {"\ufffd"}
    assert b"".join(loss.raw for loss in read.losses) == raw[len(kept.encode(charset)) :]


def test_a_u_fffd_of_the_page_is_no_loss() -> None:
    assert Source.read("損壞\ufffd的字".encode()).losses == ()


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("GB2312", "gb18030"),
        ("gbk", "gb18030"),
        ("x-gbk", "gb18030"),
        (' "GB18030" ', "gb18030"),
        ("Big5", "big5hkscs"),
        ("big5-hkscs", "big5hkscs"),
        ("UTF8", "utf-8"),
        ("latin-1", None),
        ("koi8-r", "koi8-r"),
        ("nonsense", None),
        ("gbk\0", None),
    ],
)
def test_a_label_stands_for_the_widest_charset_it_is_used_for(label: str, codec: str | None) -> None:
    assert codec_for(label) == codec


@pytest.mark.parametrize("raw", [None, 7, ["text"], bytearray(b"text")])
def test_what_is_neither_text_nor_bytes_is_refused(raw: object) -> None:
    with pytest.raises(TypeError, match="str or bytes"):
        Source.read(raw)  # type: ignore[arg-type]


@given(st.binary(max_size=80), st.sampled_from([None, "utf-8", "gbk", "big5", "utf-16", "hz", "utf-32", "nonsense"]))
def test_any_bytes_give_a_text_and_losses_that_lie_in_it(raw: bytes, charset: str | None) -> None:
    read = Source.read(raw, charset)
    assert read.raw is raw
    for loss in read.losses:
        assert read.text[slice(*loss.span)] == "\ufffd" * len(loss.raw)
        assert loss.raw in raw or charset == "hz"  # a shift of HZ between two bad bytes shows as nothing


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_utf8_text_is_read_back(text: str) -> None:
    assert Source.read(text.encode(), "utf-8").text == text.removeprefix("\ufeff")
