"""Clean text as bytes: in every charset of the bench, with a bad byte among them, and read back under a label.

The forward model of bytes. It knows nothing of how they are read.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from bench.corpus import pieces
from bench.forward.scripts import traditional

# Four bytes in GB18030: letters, Extension A and B, pictographs.
_FOUR_BYTES: Final = "ḿñçöã㐀䥑㵘𠮷𣎴𡃁😀🎉👍"
_HKSCS_ONLY: Final = "嘅咗嚟喺啲嗰瞓攞㗎"  # not in Big5, two bytes in HKSCS


class Charset(NamedTuple):
    """How bytes are made: from which language, in which script, with what put in, by which codec."""

    language: str
    codec: str
    script: str = ""
    put_in: str = ""
    mark: bytes = b""


CHARSETS: Final = {
    "utf-8": Charset("Chinese", "utf-8"),
    "utf-8, BOM": Charset("Chinese", "utf-8", mark=codecs.BOM_UTF8),
    "gbk": Charset("Chinese", "gbk"),
    "gbk, traditional": Charset("Chinese", "gbk", "s2t"),
    "gbk, € as 80": Charset("Chinese", "gbk", put_in="€"),
    "gb18030, 4 bytes": Charset("Chinese", "gb18030", put_in=_FOUR_BYTES),
    "big5": Charset("Chinese", "big5", "s2tw"),
    "big5hkscs": Charset("Chinese", "big5hkscs", "s2hk", put_in=_HKSCS_ONLY),
    "hz": Charset("Chinese", "hz"),
    "utf-16-le": Charset("Chinese", "utf-16-le"),
    "utf-16-be": Charset("Chinese", "utf-16-be"),
    "utf-32-le": Charset("Chinese", "utf-32-le"),
    "cp932": Charset("Japanese", "cp932"),
    "euc-jp": Charset("Japanese", "euc-jp"),
    "euc-kr": Charset("Korean", "euc-kr"),
    "koi8-r": Charset("Russian", "koi8-r"),
    "cp1251": Charset("Russian", "cp1251"),
    "cp1252, French": Charset("French", "cp1252"),
    "cp1252, German": Charset("German", "cp1252"),
}

# A label names the widest charset it is used for, as in the WHATWG Encoding Standard.
_WIDEST: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "euc_kr": "cp949",
    "johab": "johab",
    "shift_jis": "cp932",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "utf-8-sig": "utf-8",
}
_LENIENT: Final = "bench.web"


def _web(error: UnicodeError) -> tuple[str, int]:
    """What the standard's decoders put for a byte that does not decode: U+FFFD, and € for 80 in GBK."""
    assert isinstance(error, UnicodeDecodeError)
    is_euro = error.encoding.startswith("gb") and error.object[error.start] == 0x80
    return ("€", error.start + 1) if is_euro else ("\ufffd", max(error.end, error.start + 1))


codecs.register_error(_LENIENT, _web)


def decoded(raw: bytes, label: str | None) -> str | None:
    """The bytes as a browser reads them under a label, without a byte order mark; ``None`` for none that is known."""
    try:
        name = codecs.lookup(label or "no label").name
    except LookupError:  # some detectors know charsets that Python does not: GEORGIAN-ACADEMY
        return None
    return raw.decode(_WIDEST.get(name, name), _LENIENT).removeprefix("\ufeff")


def encoded(charset: Charset, least: int, most: int, seed: str) -> Iterator[tuple[str, bytes]]:
    """Pieces the charset can hold, with their bytes, without end."""
    draw = Random(f"{seed} {charset} {least}")
    for text in pieces(charset.language, least, most, seed):
        if charset.script:
            text = traditional(text, charset.script)
        if charset.put_in:
            at = draw.randrange(len(text))
            text = text[:at] + draw.choice(charset.put_in) + text[at + 1 :]
        raw = _bytes(text, charset)
        if raw and decoded(raw, charset.codec) == text:
            yield text, raw


def _bytes(text: str, charset: Charset) -> bytes | None:
    try:
        if charset.put_in == "€":  # which code page 936 has at 80, and Python's gbk has not
            return b"\x80".join(part.encode(charset.codec) for part in text.split("€"))
        return charset.mark + text.encode(charset.codec)
    except UnicodeEncodeError:
        return None


def spoiled(text: str, codec: str, change: str, draw: Random) -> tuple[bytes, int]:
    """The bytes with a bad one among them, and the character it stands in or before; never in an escape of HZ."""
    encoder = codecs.getincrementalencoder(codec)()
    chars = [encoder.encode(char) for char in text] + [encoder.encode("", True)]
    touched = draw.choice([at for at, raw in enumerate(chars[:-1]) if codec != "hz" or b"~" not in raw])
    raw = bytearray(chars[touched])
    at = draw.randrange(len(raw))
    bad = draw.choice((0xFF, 0x80, draw.randrange(0x81, 0xFF)))
    raw[at : at + (change == "overwritten")] = bytes((bad,))
    return b"".join((*chars[:touched], bytes(raw), *chars[touched + 1 :])), touched
