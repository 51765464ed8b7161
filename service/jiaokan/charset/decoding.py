r"""Bytes to text in one codec that is known: ``decode``. Which codec it is, is not asked here.

Where bytes do not decode, these rules hold, after the WHATWG Encoding Standard:

* A byte that cannot be read is lost alone, and reading goes on at the next byte.
* Two bytes of the form of a pair that have no character are lost together, so that what follows stays in step; but
  a trail byte that is ASCII is kept.
* A character that was cut off is lost with what is left of it.

The strict decoder in C comes first; all else is done by error handlers, once for each place that it rejects.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from jiaokan.charset import big5, cns, escape_sequences
from jiaokan.charset.losses import ESCAPE, Loss, collect_losses, escape_bytes, rejected

__all__ = ["Loss", "decode", "escaping", "forms"]

Reader = Callable[[bytes], str]

# Forms of UTF-8 that the strict decoder rejects and whose meaning is plain. None of them can begin in the middle of a
# valid character: each begins with a byte that is no continuation byte.
_FORMS: Final = re.compile(
    rb"(?P<cesu>\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])"
    rb"|(?P<overlong>[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]{2})"
    rb"|(?P<surrogate>\xed[\xa0-\xbf][\x80-\xbf])"
)
_FORM_NAMES: Final = {"cesu": "CESU-8", "overlong": "overlong", "surrogate": "lone surrogate"}
# A character cut in two by a byte that UTF-8 never has.
_INTERRUPTED: Final = re.compile(rb"([\xc2-\xf4][\x80-\xbf]{0,2})([\xf5-\xff])([\x80-\xbf]{1,3})")

# The lead bytes of codecs of pairs, and their trail bytes as far as they are not ASCII.
_PAIRS: Final = {
    "cp932": (range(0x81, 0xFD), range(0x80, 0xFD)),
    "euc_jp": (range(0xA1, 0xFF), range(0xA1, 0xFF)),
    "cp949": (range(0x81, 0xFF), range(0x81, 0xFF)),
}

# A cut four-byte form of GB 18030 that lacks its last byte.
_CUT_SHORT: Final = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe]\Z")

# Codecs of CPython that read any bytes with a handler and never make a lone surrogate; it has others that do.
_OWN: Final = frozenset(
    [
        *("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "ascii"),
        *("gb18030", "gbk", "gb2312", "hz", "big5hkscs", "big5", "cp950"),
        *("cp932", "shift_jis", "shift_jis_2004", "euc_jp", "euc_jis_2004", "cp949", "euc_kr", "johab"),
        *("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_kr"),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "mac-latin2", "cp437", "cp850", "cp852", "cp866", "cp874"),
        *(f"cp{page}" for page in range(1250, 1259)),
        *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
    ]
)


def decode(raw: bytes, codec: str) -> tuple[str, tuple[Loss, ...]]:
    r"""The text of bytes in a codec; each byte that cannot be read is one U+FFFD in it, on record as part of a loss.

    Args:
        raw: any bytes; a byte order mark is read as U+FEFF.
        codec: a charset of the web by Python's name, or ``euc_tw`` or ``iso2022_cn``, which Python does not have.
            ``utf-8`` also reads CESU-8 and overlong forms, ``gb18030`` a lone 0x80 as the euro sign, ``big5hkscs``
            what the web reads as Big5.

    >>> decode(b"\xce\xca\xff\xcc\xe2", "gb18030")
    ('问\ufffd题', (Loss(span=Span(start=1, end=2), raw=b'\xff'),))

    Raises:
        LookupError: the codec is unknown, or is no charset.
    """
    strict, escaped_by = _readers(codec)
    try:
        return strict(raw), ()
    except UnicodeDecodeError:
        return collect_losses(escaped_by(raw))


def forms(raw: bytes) -> tuple[str, ...]:
    r"""The forms in these bytes that UTF-8 forbids and ``decode`` knows, each once.

    >>> forms(b"\xed\xa0\xbd\xed\xb8\x80 \xc0\x80")
    ('CESU-8', 'overlong')
    """
    found = {match.lastgroup for match in _FORMS.finditer(raw)}
    return tuple(name for group, name in _FORM_NAMES.items() if group in found)


def escaping(raw: bytes, codec: str) -> str:
    """As ``decode``, with the lost bytes still escaped in the text."""
    strict, escaped_by = _readers(codec)
    try:
        return strict(raw)
    except UnicodeDecodeError:
        return escaped_by(raw)


@cache
def _readers(codec: str) -> tuple[Reader, Reader]:
    """What reads bytes in the codec or raises, and what escapes those that are lost."""
    name = codec if codec in _BY_HAND else codecs.lookup(codec).name
    if name in _BY_HAND:
        return _BY_HAND[name]
    if name not in _OWN:
        raise LookupError(f"not a charset: {codec}")
    return partial(str, encoding=name), partial(str, encoding=name, errors=_HANDLERS.get(name, ESCAPE))


def _utf8(error: UnicodeError) -> tuple[str, int]:
    found = rejected(error)
    raw, start = found.object, found.start
    form = _FORMS.match(raw, start)
    if form:
        code = _code_point(form.group())
        lost = form.lastgroup == "surrogate" or 0xD800 <= code < 0xE000
        return (escape_bytes(form.group()) if lost else chr(code)), form.end()
    cut = _INTERRUPTED.match(raw, start)
    if cut:
        begun, stray, rest = cut.groups()
        char = (begun + rest).decode("utf-8", "ignore")[:1]
        size = len(char.encode())
        if size > len(begun):
            return char + escape_bytes(stray), start + 1 + size
    return escape_bytes(raw[start : found.end]), found.end


def _code_point(form: bytes) -> int:
    """What a sequence of UTF-8 means by the arithmetic alone; two halves of a surrogate pair mean one character."""
    if len(form) == 6:
        high, low = _code_point(form[:3]), _code_point(form[3:])
        return 0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF)
    code = form[0] & (0x7F >> len(form))
    for byte in form[1:]:
        code = code << 6 | byte & 0x3F
    return code


def _gb18030(error: UnicodeError) -> tuple[str, int]:
    found = rejected(error)
    raw, start = found.object, found.start
    if raw[start] == 0x80:
        return "€", start + 1
    end = len(raw) if _CUT_SHORT.match(raw, start) else start + 1
    return escape_bytes(raw[start:end]), end


def _lose_in_pairs(leads: range, trails: range) -> Callable[[UnicodeError], tuple[str, int]]:
    """The handler of a double-byte codec with these lead bytes and these trail bytes above ASCII."""

    def lose(error: UnicodeError) -> tuple[str, int]:
        found = rejected(error)
        raw, start = found.object, found.start
        pair = raw[start : start + 2]
        size = 2 if len(pair) == 2 and pair[0] in leads and pair[1] in trails else 1
        return escape_bytes(pair[:size]), start + size

    return lose


_HANDLERS: Final = {
    "utf-8": "jiaokan.utf-8",
    "gb18030": "jiaokan.gb18030",
    **{codec: f"jiaokan.{codec}" for codec in _PAIRS},
}
codecs.register_error("jiaokan.utf-8", _utf8)
codecs.register_error("jiaokan.gb18030", _gb18030)
for _codec, (_leads, _trails) in _PAIRS.items():
    codecs.register_error(_HANDLERS[_codec], _lose_in_pairs(_leads, _trails))

_BY_HAND: Final[dict[str, tuple[Reader, Reader]]] = {
    "big5hkscs": (big5.strict, big5.escaping),
    "euc_tw": (partial(str, encoding="ascii"), cns.escaping_euc_tw),
    "hz": (partial(str, encoding="hz"), escape_sequences.escaping_hz),
    "iso2022_cn": (escape_sequences.strict_iso2022_cn, escape_sequences.escaping_iso2022_cn),
}
