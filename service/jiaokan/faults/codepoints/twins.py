"""Characters that Unicode has twice: compatibility ideographs, and radicals used as letters.

Compatibility ideographs stay in Japanese and Korean, radicals in a list of radicals and where one is explained.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from jiaokan.faults.codepoints.proposals import certain, neighbours, probable
from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.languages import foreign
from jiaokan.report import Finding
from jiaokan.spans import Spans

_COMPATIBILITY: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RADICALS: Final = re.compile("[\u2e80-\u2fd5]+")
_RADICAL_LIST: Final = re.compile("[、，, ／/]+[\u2e80-\u2fd5]")

# CJK radicals that look like a whole character, and that character: Unicode, EquivalentUnifiedIdeograph.txt.
_RADICAL_LETTERS: Final = dict(
    zip(
        "⺟⺠⺩⺼⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "母民王肉西见角贝车长长门青韦页风飞食马骨鬼鱼鸟卤麦黄斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)


def find(text: str) -> Iterator[Finding]:
    """Every second code point of a character, with the first.

    >>> [f.edits[0].after for f in find("每年\\uf98e底，\\u2f2f人")]
    ['年', '工']
    """
    yield from _compatibility(text)
    yield from _radicals(text)


def _compatibility(text: str) -> Iterator[Finding]:
    """Ideographs that Unicode has twice: their canonical form, except in Japanese and Korean names."""
    abroad = foreign(text) if _COMPATIBILITY.search(text) else Spans()
    for m in _COMPATIBILITY.finditer(text):
        standard = unicodedata.normalize("NFC", m.group())
        if standard != m.group() and not abroad.covers(m.start()):
            yield certain(m, standard, f"U+{ord(m.group()):04X} is a second code point of {standard}")


def _radicals(text: str) -> Iterator[Finding]:
    """Radicals that stand in a word: a Han character goes on, or one comes before and no parenthesis explains them."""
    for m in _RADICALS.finditer(text):
        letters = "".join(_RADICAL_LETTERS.get(c) or unicodedata.normalize("NFKC", c) for c in m.group())
        if _RADICAL_LIST.match(text, m.end()):
            continue
        before, after = neighbours(text, m)
        if letters != m.group() and (is_han(after) or (is_han(before) and after not in tuple("(（”’」』"))):
            yield probable(m, letters, f"{m.group()} is a radical, used as the letter {letters}")
