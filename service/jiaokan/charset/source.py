"""What came in: text, or bytes of any charset read as text with a record of every byte that could not be.

The ladder, from proof to guess: a byte order mark; a declared charset that decodes without a loss; UTF-8 without
a loss; UTF-8 with a few bad bytes; chardet among the charsets of Chinese pages. It always has a result.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

import chardet

from jiaokan.edits import Span

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16-LE, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# A label names the widest charset it is used for, as in the WHATWG Encoding Standard, section 4.2:
# pages labelled GB2312 hold GBK, pages labelled Big5 hold HKSCS. Keys are Python's canonical codec names.
_READ_AS: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "hz": "hz",
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",  # without a mark the standard reads little-endian
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
}
_CHINESE: Final = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
# The confidence with which chardet says that nothing matched: one bad byte is enough for that.
_NO_MATCH: Final = 0.1
_COUNTED: Final = ("gb18030", "big5hkscs")
# The commonest characters of either script: about a fifth of running text, in the wrong charset next to nothing.
_COMMONEST: Final = re.compile(
    "[，。的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和你地出道也时時年得就那要]"
)

# Bad bytes allowed for each multi-byte sequence before text stops being UTF-8 with an accident. Text in another
# charset gives about one bad byte for each good sequence or worse.
_BAD_PER_SEQUENCE: Final = 0.1
# Sequences of three bytes that make a CJK code point: this many by chance in GBK text do not happen.
_PROVEN_SEQUENCES: Final = 3
_CJK_IN_UTF8: Final = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")

# Each byte that does not decode becomes U+DC00 plus the byte, as in PEP 383, but for any byte: UTF-16 and HZ also
# reject bytes below 0x80. No decoder makes a lone surrogate of its own, so these stand out.
_ESCAPE: Final = "jiaokan.escape"
_ESCAPED: Final = re.compile("[\udc00-\udcff]+")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_ESCAPE, _escape)


@dataclass(frozen=True, slots=True)
class Loss:
    """Bytes that do not decode, side by side in the text, which has one U+FFFD for each of them at ``span``."""

    span: Span
    raw: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """What came in, and the text it was read as.

    Attributes:
        raw: the input itself, untouched.
        text: the text, without a byte order mark.
        charset: the Python codec the bytes were read with; ``None`` when text came in.
        evidence: one line: why this charset.
        losses: the bytes that could not be decoded, in reading order.
    """

    raw: str | bytes
    text: str
    charset: str | None = None
    evidence: str = "came as text"
    losses: tuple[Loss, ...] = ()

    @classmethod
    def read(cls, raw: str | bytes, charset: str | None = None) -> Source:
        """Text as it is; bytes by the ladder above, with ``charset`` as the declared one. Never raises for content.

        >>> Source.read("問題".encode("big5"), charset="Big5").text
        '問題'
        >>> Source.read(b"\\xce\\xca\\xff\\xcc\\xe2", charset="gbk").losses
        (Loss(span=Span(start=1, end=2), raw=b'\\xff'),)

        Raises:
            TypeError: ``raw`` is neither ``str`` nor ``bytes``.
        """
        if isinstance(raw, str):
            return cls(raw, raw)
        if not isinstance(raw, bytes):
            raise TypeError(f"a source is str or bytes, not {type(raw).__name__}")
        for bom, codec in _BOMS:
            if raw.startswith(bom):
                return cls._decoded(raw, codec, "byte order mark", skip=len(bom))
        codec, evidence = _guess(raw, charset)
        return cls._decoded(raw, codec, evidence)

    @classmethod
    def _decoded(cls, raw: bytes, codec: str, evidence: str, skip: int = 0) -> Source:
        text = raw[skip:].decode(codec, _ESCAPE)
        losses = tuple(
            Loss(Span(*m.span()), bytes(ord(c) - 0xDC00 for c in m.group())) for m in _ESCAPED.finditer(text)
        )
        if losses:
            text = _ESCAPED.sub(lambda m: "\ufffd" * len(m.group()), text)
        return cls(raw, text, codec, evidence, losses)


def codec_for(label: str) -> str | None:
    """The codec a charset label stands for on the web, or ``None`` for one that is unknown or says nothing.

    Single-byte charsets say nothing: any bytes decode in them, and pages that declare them wrongly are common.

    >>> codec_for("GB2312"), codec_for("x-gbk"), codec_for("latin-1"), codec_for("nonsense")
    ('gb18030', 'gb18030', None, None)
    """
    name = label.strip().strip("\"'").lower().removeprefix("x-")
    try:
        return _READ_AS.get(codecs.lookup(name).name)
    except (LookupError, ValueError):  # ValueError: a null character in the label
        return None


def _guess(raw: bytes, charset: str | None) -> tuple[str, str]:
    """The codec for bytes without a mark, and why."""
    declared = codec_for(charset) if charset else None
    utf8 = _decodes(raw, "utf-8")
    if declared and _decodes(raw, declared) and not (utf8 and _proves_utf8(raw)):
        return declared, f"declared as {charset}"
    if utf8:
        return "utf-8", "valid UTF-8"
    if _nearly_utf8(raw):
        return "utf-8", "UTF-8 with bad bytes"
    if declared:
        return declared, f"declared as {charset}, with bad bytes"
    found = chardet.detect(raw, include_encodings=_CHINESE, no_match_encoding=_COUNTED[0], compat_names=False)
    codec = codec_for(found["encoding"] or "")
    if codec and found["confidence"] != _NO_MATCH:
        return codec, f"chardet, confidence {found['confidence']:.2f}"
    codec = max(_COUNTED, key=lambda codec: len(_COMMONEST.findall(raw.decode(codec, "ignore"))))
    return codec, "the commonest characters; nothing fits without bad bytes"


def _proves_utf8(raw: bytes) -> bool:
    """Whether valid UTF-8 holds enough CJK that no other charset can have written it."""
    return len(list(islice(_CJK_IN_UTF8.finditer(raw), _PROVEN_SEQUENCES))) == _PROVEN_SEQUENCES


def _nearly_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few bad ones and a last character that was cut off."""
    text, read = codecs.utf_8_decode(raw, _ESCAPE, False)
    bad = sum(len(m.group()) for m in _ESCAPED.finditer(text))
    return read > 0 and bad <= _BAD_PER_SEQUENCE * len(_CJK_IN_UTF8.findall(raw))


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
