"""Charsets of seven bits, with escape sequences that say which bytes are pairs: HZ (RFC 1843) and ISO-2022.

ISO-2022 begins with an ESC that nothing else writes; HZ is written with ``~{`` and ``~}``, which programs and prose
have too, so that what stands between must read as Chinese. A line begins in ASCII, so that a lost escape costs its line
at most. A byte above 0x7E belongs to neither: the number of bytes in a run of pairs tells whether it stands for a half
or was put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from jiaokan.charset import cns
from jiaokan.charset.common_characters import reads_well
from jiaokan.charset.losses import escape_bytes
from jiaokan.lexicon.writing import text_score

# The designations of the standards: RFC 1922 (ISO-2022-CN), RFC 1468, 1554, 2237 (JP), RFC 1557 (KR).
_DESIGNATIONS: Final = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$(?:\)[AEG]|\*H|\+[I-M])"), "iso2022_cn"),
    (re.compile(rb"\x1b\$(?:[@B]|\([DOPQ])"), "iso2022_jp"),
)
# Pairs of GB 2312, and what makes EUC of them.
_PAIRS: Final = re.compile(rb"(?:[!-w][!-~])+")
_HIGH: Final = bytes(byte | 0x80 for byte in range(256))
# So many passages of HZ are looked at, and so many bytes of each.
_PASSAGES: Final = 4
_LOOKED_AT: Final = 32
# log10 of how often a document in HZ is met among those that have its marks and pairs, programs most of them; and what
# a character between the marks costs at most: Chinese costs 1.3 to 4, letters read as pairs 7.
_PRIOR: Final = -1.0
_MOST_A_CHARACTER: Final = -5.0


def escaped_codec(raw: bytes) -> str | None:
    """The codec that the escape sequences of seven-bit bytes belong to, or ``None`` if there are none.

    >>> escaped_codec(b"~{NJLb~}"), escaped_codec(b"\\x1b$)A\\x0eNJLb\\x0f")
    ('hz', 'iso2022_cn')
    >>> escaped_codec(b"a~{b~}"), escaped_codec(b"~{data~}"), escaped_codec(b"x = ~{VARS[1]}")
    (None, None, None)
    """
    if b"\x1b$" in raw:
        for pattern, codec in _DESIGNATIONS:
            if pattern.search(raw):
                return codec
    return "hz" if b"~{" in raw and _reads_as_hz(raw) else None


def _reads_as_hz(raw: bytes) -> bool:
    passages = [*islice(_passages(raw), _PASSAGES)]
    texts = [passage.translate(_HIGH).decode("gb18030", "replace") for passage in passages]
    together = "".join(texts)
    if not together or reads_well(together, len(together)):
        return bool(together)
    as_pairs = sum(map(text_score, texts))
    as_letters = sum(text_score(passage.decode("ascii")) for passage in passages)
    return as_pairs >= _MOST_A_CHARACTER * len(together) and as_pairs + _PRIOR > as_letters


def _passages(raw: bytes) -> Iterator[bytes]:
    """What stands between the marks in one line, as far as it is looked at, if it is made of pairs."""
    start, end = raw.find(b"~{"), 0
    while start >= 0:
        start += 2
        if end < start:
            end = raw.find(b"~}", start)
        if end < 0:
            return
        passage = raw[start : min(end, start + _LOOKED_AT)]
        if (end - start) % 2 == 0 and _PAIRS.fullmatch(passage) and raw.find(b"\n", start, end) < 0:
            yield passage
        start = raw.find(b"~{", start)


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
