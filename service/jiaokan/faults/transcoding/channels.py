"""The ways in which text becomes mojibake: written in one charset, read in another; and how each is taken back.

Rules of this file: nothing is guessed here. What was decoded is taken back to exactly the bytes that it came from, or
not at all; bytes are read in a charset without a loss, or not at all.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

# What a table has where it has nothing (``codecs.charmap_build``).
_UNDEFINED: Final = "\ufffe"


@dataclass(frozen=True)
class Decoder:
    """A charset that bytes were read in by mistake.

    Attributes:
        name: what people call it.
        codec: Python's name for it.
        single: whether each byte is a character.
        prior: log10 of how seldom it is the one, next to the commonest.
    """

    name: str
    codec: str
    single: bool
    prior: float = 0.0

    @cached_property
    def chars(self) -> str:
        """What each byte is read as, if each is a character: 80 to 9F as controls where the charset has nothing."""
        read = (bytes((byte,)).decode(self.codec, "ignore") or _nothing(byte) for byte in range(0x100))
        return "".join(read)

    @cached_property
    def _back(self) -> Callable[[str], bytes]:
        if self is EURO:
            return _with_euro
        if not self.single:
            return lambda text: text.encode(self.codec)
        table = codecs.charmap_build(self.chars)
        return lambda text: codecs.charmap_encode(text, "strict", table)[0]

    def back(self, text: str) -> bytes | None:
        """The bytes that were read as ``text``, or ``None`` if none are.

        >>> DECODERS["cp1252"].back("²âÊÔ").hex(" "), DECODERS["Big5"].back("測试")
        ('b2 e2 ca d4', None)
        """
        try:
            return self._back(text)
        except UnicodeEncodeError:
            return None

    def reach(self, text: str) -> int:
        """How many characters from the beginning of ``text`` on can have been read; ``len(text)`` for all of them.

        >>> DECODERS["cp1252"].reach("²â，")
        2
        """
        try:
            self._back(text)
        except UnicodeEncodeError as error:
            return error.start
        return len(text)


def _nothing(byte: int) -> str:
    return chr(byte) if byte in range(0x80, 0xA0) else _UNDEFINED


def _single(name: str, codec: str) -> Decoder:
    return Decoder(name, codec, single=True)


def _double(name: str, codec: str, prior: float = 0.0) -> Decoder:
    return Decoder(name, codec, single=False, prior=prior)


def _with_euro(text: str) -> bytes:
    """GB18030, but for the euro, which is as Windows has it."""
    raw = text.encode("gb18030")
    return b"\x80".join([part.encode("gb18030") for part in text.split("€")]) if "€" in text else raw


# GBK as Windows and browsers read it: the byte 80 is a euro.
EURO: Final = _double("GBK with 0x80 for €", "gbk")


# The likelier of two that give the same bytes stands first.
DECODERS: Final = {
    each.name: each
    for each in (
        _single("cp1252", "cp1252"),
        _single("Latin-1", "latin-1"),
        _double("GBK", "gb18030"),
        EURO,
        _double("Big5", "big5hkscs"),
        _double("plain Big5", "big5"),
        _double("code page 950", "cp950"),
        _double("Shift_JIS", "cp932", -1.0),
        _double("EUC-KR", "cp949", -1.5),
        _double("EUC-JP", "euc_jp", -2.5),
        _single("cp1251", "cp1251"),
        _single("KOI8-R", "koi8-r"),
        _single("cp437", "cp437"),
        _single("Mac Roman", "mac-roman"),
        _single("cp866", "cp866"),
        _single("cp1254", "cp1254"),
        _single("ISO-8859-15", "iso8859-15"),
        _single("ISO-8859-8", "iso8859-8"),
        _single("cp1250", "cp1250"),
    )
}


@dataclass(frozen=True)
class Encoder:
    """A charset that text was written in.

    Attributes:
        name: what people call it.
        codec: Python's name for it.
        characters: one character for each match; a byte that begins none is a match by itself.
        prior: log10 of how seldom text in it is met garbled, next to the commonest; where two charsets tell one story
            about as well, the one that is met more.
        proves: whether bytes that it can be read from were hardly ever written in another.
    """

    name: str
    codec: str
    characters: re.Pattern[bytes]
    prior: float = 0.0
    proves: bool = False

    @property
    def language(self) -> str | None:
        """What is written in it, if it is only one language."""
        return _LANGUAGES.get(self.codec)

    def read(self, raw: bytes) -> str | None:
        """What the bytes say in it, or ``None`` if they say nothing in it.

        >>> ENCODERS["GBK"].read(b"\\xb2\\xe2\\xca\\xd4"), ENCODERS["UTF-8"].read(b"\\xb2\\xe2\\xca\\xd4")
        ('测试', None)
        """
        try:
            return raw.decode(self.codec)
        except UnicodeDecodeError:
            return None


_LANGUAGES: Final = {
    "gb18030": "Chinese",
    "big5hkscs": "Chinese",
    "cp932": "Japanese",
    "euc_jp": "Japanese",
    "cp949": "Korean",
}


def _encoder(name: str, codec: str, characters: bytes, prior: float = 0.0, *, proves: bool = False) -> Encoder:
    return Encoder(name, codec, re.compile(characters + rb"|[\x00-\xff]"), prior, proves)


ENCODERS: Final = {
    each.name: each
    for each in (
        _encoder(
            "UTF-8",
            "utf-8",
            rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
            proves=True,
        ),
        _encoder(
            "GBK",
            "gb18030",
            rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]",
        ),
        _encoder("Big5", "big5hkscs", rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]", -0.5),
        _encoder("Shift_JIS", "cp932", rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]", -1.5),
        _encoder("EUC-KR", "cp949", rb"[\x81-\xfe][\x41-\x5a\x61-\x7a\x81-\xfe]", -1.5),
        _encoder("EUC-JP", "euc_jp", rb"\x8f[\xa1-\xfe]{2}|[\x8e\xa1-\xfe][\xa1-\xfe]", -2.5),
    )
}


@dataclass(frozen=True)
class Channel:
    """One mistake: text written in one charset and read in another."""

    written: Encoder
    read: Decoder

    @property
    def prior(self) -> float:
        """log10 of how seldom it is met, next to the commonest."""
        return self.written.prior + self.read.prior

    def undo(self, text: str) -> str | None:
        """What ``text`` was before, or ``None`` if it cannot have come this way.

        >>> Channel(ENCODERS["UTF-8"], DECODERS["GBK"]).undo("娴嬭瘯")
        '测试'
        """
        raw = self.read.back(text)
        return None if raw is None else self.written.read(raw)


# Mistakes one after the other, the last one first.
Chain = tuple[Channel, ...]

# Three tables of one charset: what is read in one of them was not written in another.
_BIG5: Final = frozenset({"big5hkscs", "big5", "cp950"})
CHANNELS: Final = tuple(
    Channel(written, read)
    for read in DECODERS.values()
    for written in ENCODERS.values()
    if written.codec != read.codec and not {written.codec, read.codec} <= _BIG5
)
BY_DECODER: Final = tuple(
    (decoder, tuple(channel for channel in CHANNELS if channel.read is decoder)) for decoder in DECODERS.values()
)


def tables(channel: Channel) -> tuple[Channel, ...]:
    """The channel, and the same in the other tables of Big5 if it was read in one of them.

    >>> [each.read.name for each in tables(Channel(ENCODERS["GBK"], DECODERS["Big5"]))]
    ['Big5', 'plain Big5', 'code page 950']
    """
    if channel.read.codec not in _BIG5:
        return (channel,)
    return tuple(each for each in CHANNELS if each.written is channel.written and each.read.codec in _BIG5)


def likewise(chain: Chain) -> tuple[Chain, ...]:
    """The chain, and the same with other tables of Big5."""
    return tuple(product(*map(tables, chain)))


def explained(chain: Iterable[Channel]) -> str:
    """The way a text came, for a person, the last mistake first.

    >>> explained((Channel(ENCODERS["UTF-8"], DECODERS["GBK"]), Channel(ENCODERS["GBK"], DECODERS["Latin-1"])))
    'read as GBK, was UTF-8; before that read as Latin-1, was GBK'
    """
    return "; before that ".join(f"read as {channel.read.name}, was {channel.written.name}" for channel in chain)
