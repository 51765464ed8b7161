"""Private-use characters of GBK, GB 18030-2000 and HKSCS that have a standard code point by now.

The national standards and Hong Kong share code points: U+E81E is 龴 for one and 萔 for the other. The page decides:
Cantonese letters on it speak for Hong Kong, else the mainland is meant. Beside a blank, or where nothing decides, they
may be icons or bytes of mojibake, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from jiaokan.charset import big5, gbk
from jiaokan.faults.codepoints.proposals import HAN, neighbours, probable, suggested
from jiaokan.lexicon.hanzi import is_han
from jiaokan.report import Finding

_PRIVATE: Final = re.compile("[\ue000-\uf848]")
_RUN: Final = re.compile("[\ue000-\uf848]+")
# Letters that only Cantonese writes, and so many different ones of them that a page is taken for Cantonese.
_CANTONESE: Final = re.compile("[嘅咗喺啲嚟嗰冇佢哋咁嘢睇瞓攞啱乜嘥攰揾搵邨埗]")
_LEAST_CANTONESE: Final = 2

# GB 18030-2005 and -2022 moved these from private use to standard code points, and the blank of A3A0 with them: WHATWG
# Encoding Standard, index gb18030.
_SINCE_2000: Final = dict(
    zip(
        "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7\ue7c8"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ue816\ue817\ue818\ue831\ue83b\ue855",
        "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u1e3f\u01f9"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe",
        strict=True,
    )
)

# Where Windows puts the user-defined area of Big5, row by row, which is where HKSCS put what Unicode lacked: the lead
# bytes of each part, and its first code point. A row has 157 characters, that of C6 the upper 94.
_ROW: Final = 157
_PARTS: Final = (
    (range(0xFA, 0xFF), 0xE000),
    (range(0x8E, 0xA1), 0xE311),
    (range(0x81, 0x8E), 0xEEB8),
    (range(0xC6, 0xC9), 0xF6B1 - (_ROW - 94)),
)
_TRAILS: Final = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_FIRST_OF_C6: Final = b"\xc6\xa1"


def find(text: str) -> Iterator[Finding]:
    """Private-use characters inside Chinese text, with their standard twins.

    >>> [(f.edits[0].after, f.consent.value) for f in find("罕用字\\ue81e的")]
    [('龴', 'probable')]
    >>> [(f.edits[0].after, f.consent.value) for f in find("佢坐\\uecd4落去，我喺度等")]
    [('𨋢', 'probable')]
    """
    if not _PRIVATE.search(text):
        return
    is_cantonese = len(set(_CANTONESE.findall(text))) >= _LEAST_CANTONESE
    for run in _RUN.finditer(text):
        is_inside = all(HAN.match(char) for char in neighbours(text, run))
        for m in _PRIVATE.finditer(text, *run.span()):
            mainland, hong_kong = _of_the_mainland().get(m.group()), _of_hong_kong().get(m.group())
            if is_cantonese and hong_kong:
                yield _finding(m, hong_kong, "HKSCS", is_inside)
            elif mainland:
                yield _finding(m, mainland, "GBK or GB 18030", is_inside)


def _finding(m: re.Match[str], meant: str, charset: str, is_inside: bool) -> Finding:
    why = f"U+{ord(m.group()):04X} is private use of {charset} for {meant}, U+{ord(meant):04X} by now"
    return (probable if is_inside else suggested)(m, meant, why)


@cache
def _of_the_mainland() -> dict[str, str]:
    """Private-use code points of the mainland and the standard ones that took their place.

    GBK put its characters FE50–FEA0 and A989–A995 at U+E815–E864 and U+E7E7–E7F3 before Unicode had them. What
    Python's ``gb18030`` (the standard of 2000) still leaves there is in ``_SINCE_2000``.
    """
    extension = [gbk.decode(0xFE, trail) or "" for trail in gbk.TRAILS if 0x50 <= trail <= 0xA0]
    description = [gbk.decode(0xA9, trail) or "" for trail in range(0x89, 0x96)]
    found = dict(zip(map(chr, range(0xE815, 0xE865)), extension, strict=True))
    found |= dict(zip(map(chr, range(0xE7E7, 0xE7F4)), description, strict=True))
    return {private: standard for private, standard in found.items() if private != standard} | _SINCE_2000


@cache
def _of_hong_kong() -> dict[str, str]:
    """Private-use code points of Windows for Big5 with HKSCS, and the ideographs that HKSCS has there."""
    found = {}
    for leads, first in _PARTS:
        for row, lead in enumerate(leads):
            for column, trail in enumerate(_TRAILS):
                pair = bytes((lead, trail))
                if lead != _FIRST_OF_C6[0] or pair >= _FIRST_OF_C6:
                    found[chr(first + row * _ROW + column)] = big5.escaping(pair)
    return {private: standard for private, standard in found.items() if len(standard) == 1 and is_han(standard)}
