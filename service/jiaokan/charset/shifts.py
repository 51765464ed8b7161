r"""Charsets of seven bits that change their meaning by escapes: HZ (RFC 1843) and ISO-2022-CN (RFC 1922).

In both a line begins in ASCII, so that a lost escape costs its line at most. A byte above 0x7E belongs to neither. The
number of bytes in a run of pairs tells where it came from: if that is even, it stands in the place of a half; if it is
odd, it was put in, and what is around it is read as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from jiaokan.charset import cns
from jiaokan.charset.losses import escape_bytes

_HZ_ASCII: Final = re.compile(rb"~[~{}\n]|[^~\x80-\xff]+|.", re.DOTALL)
_HZ_PAIRS: Final = re.compile(rb"~[{}]|((?:(?!~[{}])[\x21-\xff])+)|.", re.DOTALL)

_DESIGNATION: Final = rb"\x1b\$(?:\)[AG]|\*H)|[\x0e\x0f]|\x1bN[\x21-\x7e]{2}"
_ISO_ASCII: Final = re.compile(_DESIGNATION + rb"|[^\x0e\x0f\x1b\n\x80-\xff]+|.", re.DOTALL)
_ISO_PAIRS: Final = re.compile(_DESIGNATION + rb"|([\x21-\xff]+)|.", re.DOTALL)
_NO_HALF: Final = re.compile(rb"[\x7f-\xff]")
_ANY_ESCAPE: Final = re.compile(rb"[\x0e\x0f\x1b]")
# What the bytes after SO mean, by the last byte of the escape that said so.
_SETS: Final = {b"\x1b$)A": "gb2312", b"\x1b$)G": "cns"}


def escaping_hz(raw: bytes) -> str:
    r"""The text of bytes in HZ, lost bytes escaped. A bad escape costs itself.

    >>> escaping_hz(b"~{VPND~} ~~")
    '中文 ~'
    """
    parts: list[str] = []
    at, pairs = 0, False
    while at < len(raw):
        match = (_HZ_PAIRS if pairs else _HZ_ASCII).match(raw, at)
        assert match, "every byte is a token"
        token, at = match.group(), match.end()
        if token in (b"~{", b"~}") and pairs == (token == b"~}"):
            pairs = not pairs
        elif token == b"~~" and not pairs:
            parts.append("~")
        elif pairs and match[1]:
            parts += _in_pairs(match[1], _gb2312)
        elif token != b"~\n":
            parts.append(escape_bytes(token) if token.startswith(b"~") else _plain(token, pairs))
            pairs = pairs and token != b"\n"
    return "".join(parts)


def strict_iso2022_cn(raw: bytes) -> str:
    r"""The text of bytes in ISO-2022-CN that are all ASCII.

    >>> strict_iso2022_cn(b"abc")
    'abc'

    Raises:
        UnicodeDecodeError: they are not.
    """
    escape = _ANY_ESCAPE.search(raw)
    if escape:
        raise UnicodeDecodeError("iso2022_cn", raw, *escape.span(), "an escape")
    return raw.decode("ascii")


def escaping_iso2022_cn(raw: bytes) -> str:
    r"""The text of bytes in ISO-2022-CN, lost bytes escaped.

    >>> escaping_iso2022_cn(b"\x1b$)A\x0eVPND\x0f \x1b$)G\x0eDc\x0f \x1b$*H\x1bN!!")
    '中文 中 乂'
    """
    parts: list[str] = []
    at, shifted, first, second = 0, False, "", False
    while at < len(raw):
        match = (_ISO_PAIRS if shifted else _ISO_ASCII).match(raw, at)
        assert match, "every byte is a token"
        token, at = match.group(), match.end()
        if token in _SETS:
            first = _SETS[token]
        elif token == b"\x1b$*H":
            second = True
        elif token == b"\x0f" or (token == b"\x0e" and first):
            shifted = token == b"\x0e"
        elif token.startswith(b"\x1bN") and len(token) == 4:
            parts.append((cns.plane(2).get(token[2:]) if second else None) or escape_bytes(token))
        elif shifted and match[1]:
            parts += _in_pairs(match[1], _gb2312 if first == "gb2312" else _cns)
        else:
            parts.append(_plain(token, shifted))
            if token == b"\n":
                shifted, first, second = False, "", False
    return "".join(parts)


def _plain(token: bytes, pairs: bool) -> str:
    """ASCII as it is; where pairs are due, only blanks and controls are."""
    lost = not token.isascii() or token in (b"\x0e", b"\x1b") or (pairs and token > b" ")
    return escape_bytes(token) if lost else token.decode("ascii")


def _in_pairs(run: bytes, read: Callable[[bytes], str]) -> list[str]:
    """The characters of a run of pairs; of its bytes that are no half of one, the first is passed over if that brings
    the halves together."""
    stray = _NO_HALF.search(run) if len(run) % 2 else None
    kept = run[: stray.start()] + run[stray.end() :] if stray else run
    chars = [read(kept[at : at + 2]) for at in range(0, len(kept), 2)]
    if stray:
        chars.insert((stray.start() + 1) // 2, escape_bytes(stray.group()))
    return chars


def _gb2312(pair: bytes) -> str:
    text = bytes(byte | 0x80 for byte in pair).decode("gb2312", "ignore") if pair.isascii() else ""
    return text or escape_bytes(pair)


def _cns(pair: bytes) -> str:
    return cns.plane(1).get(pair) or escape_bytes(pair)
