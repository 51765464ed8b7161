"""Text as it looks after it was decoded in the wrong charset: once, twice over, and with losses. The forward model.

It knows nothing of the repair. A *pair* is what text was encoded in and what its bytes were decoded in; it is
reversible for a text when encoding what came out gives the same bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import ftfy.bad_codecs  # noqa: F401 (brings sloppy-windows-1252)

_CODECS: Final = {"cp1252": "sloppy-windows-1252"}  # bytes that cp1252 has nothing for come out as C1 controls
_LATIN: Final = ("cp1252", "latin-1", "iso8859-15", "cp1254", "cp437", "mac-roman")
_OTHER: Final = ("cp1251", "koi8-r", "cp866", "iso8859-8")
DECODERS: Final = (*_LATIN, *_OTHER, "gbk", "gb18030", "big5", "cp932", "cp949", "euc-jp")
_PAIRWISE: Final = "bench.pairwise"
_ALIKE: Final = ({"gbk", "gb18030"}, {"cp949", "euc-kr"}, {"cp932", "shift_jis"})


class Pair(NamedTuple):
    """The charset text was encoded in, and the one its bytes were decoded in."""

    encoder: str
    decoder: str

    def __str__(self) -> str:
        return f"{self.encoder} as {self.decoder}"


class Encoder(NamedTuple):
    """A charset that text is written in: the language of the text, and the script it is converted to."""

    language: str
    script: str = ""


ENCODERS: Final = {
    "utf-8": Encoder("Chinese"),
    "gbk": Encoder("Chinese"),
    "big5": Encoder("Chinese", "s2tw"),
    "cp932": Encoder("Japanese"),
    "euc-kr": Encoder("Korean"),
}
PAIRS: Final = tuple(
    Pair(encoder, decoder)
    for encoder in ENCODERS
    for decoder in DECODERS
    if encoder != decoder and {encoder, decoder} not in _ALIKE
)
_UTF8_CP1252, _UTF8_LATIN, _UTF8_GBK = Pair("utf-8", "cp1252"), Pair("utf-8", "latin-1"), Pair("utf-8", "gb18030")
CHAINS: Final = (
    (_UTF8_CP1252, _UTF8_CP1252),
    (_UTF8_LATIN, _UTF8_LATIN),
    (_UTF8_GBK, _UTF8_GBK),
    (_UTF8_GBK, _UTF8_CP1252),
    (_UTF8_GBK, _UTF8_LATIN),
    (_UTF8_CP1252, _UTF8_GBK),
    (_UTF8_LATIN, _UTF8_GBK),
    (Pair("gbk", "latin-1"), Pair("utf-8", "gbk")),
    (Pair("gbk", "cp1252"), Pair("utf-8", "gbk")),
    (Pair("gbk", "latin-1"), _UTF8_LATIN),
    (Pair("gbk", "cp1252"), _UTF8_CP1252),
    (Pair("gbk", "big5"), _UTF8_CP1252),
    (Pair("big5", "latin-1"), _UTF8_CP1252),
    (Pair("big5", "gbk"), _UTF8_GBK),
    (Pair("cp932", "cp1252"), _UTF8_CP1252),
    (Pair("euc-kr", "latin-1"), _UTF8_LATIN),
    (_UTF8_LATIN, _UTF8_LATIN, _UTF8_LATIN),
)


def garbled(text: str, *pairs: Pair) -> str | None:
    """The text after it went through pairs one after the other; ``None`` if one of them is not reversible for it.

    >>> garbled("测试", Pair("utf-8", "gbk")), garbled("配置数据", Pair("gbk", "latin-1"), Pair("utf-8", "gbk"))
    ('娴嬭瘯', '脜盲脰脙脢媒戮脻')
    """
    for encoder, decoder in pairs:
        codec = _CODECS.get(decoder, decoder)
        try:
            raw = text.encode(encoder)
            read = raw.decode(codec)
            if read == text or read.encode(codec) != raw:
                return None
        except UnicodeError:
            return None
        text = read
    return text


def chain_name(pairs: Sequence[Pair]) -> str:
    """The charsets in their order."""
    return " → ".join(name for pair in pairs for name in pair)


def _with_the_next(error: UnicodeError) -> tuple[str, int]:
    """What a decoder does that gives up on a lead byte and the byte behind it together, unless that is ASCII."""
    assert isinstance(error, UnicodeDecodeError)
    behind = error.object[error.start + 1 : error.start + 2]
    return "\ufffd", error.start + (2 if behind >= b"\x80" else 1)


codecs.register_error(_PAIRWISE, _with_the_next)


def _lossy(
    encoder: str, decoder: str, shown: str, dropped: str = "\ufffd", errors: str = "replace"
) -> Callable[[str], str | None]:
    """The text decoded with losses: characters of ``dropped`` are shown as ``shown``; ``None`` where there are none."""
    lost = re.compile(f"[{dropped}]")

    def lose(text: str) -> str | None:
        try:
            read = text.encode(encoder).decode(_CODECS.get(decoder, decoder), errors)
        except UnicodeError:
            return None
        return lost.sub(shown, read) if lost.search(read) and read.count("\ufffd") <= len(lost.findall(read)) else None

    return lose


def _odd_byte(shown: str) -> Callable[[str], str | None]:
    """UTF-8 of an odd number of bytes read as GBK, the last byte shown as ``shown``."""

    def lose(text: str) -> str | None:
        raw = text.encode()
        try:
            read = raw[:-1].decode("gbk")
        except UnicodeError:
            return None
        return read + shown if len(raw) % 2 and raw[-1] > 0x7F else None

    return lose


_UNDEFINED: Final = "\x81\x8d\x8f\x90\x9d"  # of cp1252
_C1: Final = "\x80-\x9f"
_PRIVATE: Final = "\ue000-\uf8ff"
_MARKS: Final = {"dropped": "", "?": "?", "U+FFFD": "\ufffd"}

# Ways to lose something while text is garbled: what each makes of a text, ``None`` where it would lose nothing.
LOSSES: Final[dict[str, Callable[[str], str | None]]] = {
    **{f"utf-8 as gbk, lost bytes {name}": _lossy("utf-8", "gbk", mark) for name, mark in _MARKS.items()},
    **{f"utf-8 as gbk, lost pairs {n}": _lossy("utf-8", "gbk", m, errors=_PAIRWISE) for n, m in _MARKS.items()},
    **{f"utf-8 as gb18030, lost bytes {name}": _lossy("utf-8", "gb18030", mark) for name, mark in _MARKS.items()},
    **{f"utf-8 as gbk, last odd byte {name}": _odd_byte(mark) for name, mark in _MARKS.items()},
    "utf-8 as gb18030, private use dropped": _lossy("utf-8", "gb18030", "", _PRIVATE),
    **{f"utf-8 as cp1252, undefined {name}": _lossy("utf-8", "cp1252", m, _UNDEFINED) for name, m in _MARKS.items()},
    **{f"utf-8 as latin-1, C1 {name}": _lossy("utf-8", "latin-1", mark, _C1) for name, mark in _MARKS.items()},
    "utf-8 as cp1252, soft hyphens dropped": _lossy("utf-8", "cp1252", "", "\xad"),
    "utf-8 as latin-1, soft hyphens dropped": _lossy("utf-8", "latin-1", "", "\xad"),
    "gbk as cp1252, undefined dropped": _lossy("gbk", "cp1252", "", _UNDEFINED),
    "gbk as iso8859-8, lost bytes U+FFFD": _lossy("gbk", "iso8859-8", "\ufffd"),
    "utf-8 as cp1254, lost bytes U+FFFD": _lossy("utf-8", "cp1254", "\ufffd"),
    "utf-8 as cp1251, lost bytes U+FFFD": _lossy("utf-8", "cp1251", "\ufffd"),
    "utf-8 as big5, lost bytes U+FFFD": _lossy("utf-8", "big5", "\ufffd"),
    "utf-8 as cp949, lost bytes U+FFFD": _lossy("utf-8", "cp949", "\ufffd"),
    "gbk as big5, lost bytes U+FFFD": _lossy("gbk", "big5", "\ufffd"),
    "big5 as gbk, lost bytes U+FFFD": _lossy("big5", "gbk", "\ufffd"),
}
# Nothing is left of these: U+FFFD in UTF-8, read as GBK, as Big5, and as cp1252.
DESTROYED: Final = ("锟斤拷", "嚙踝蕭", "ï¿½")
