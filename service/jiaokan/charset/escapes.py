"""Charsets in seven bits: bytes below 0x80 with escape sequences that say which of them are pairs.

ISO-2022 begins with an ESC that nothing else writes. HZ (RFC 1843) is written with ``~{`` and ``~}``, which programs
and prose have too, so that what stands between must read as Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from jiaokan.charset.usual import reads_well
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
