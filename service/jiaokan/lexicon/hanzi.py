"""Which code points are what: Han, kana, hangul, the marks of Chinese punctuation."""

from __future__ import annotations

import re
from typing import Final

# Ranges for use inside a character class. Unicode 16, Blocks.txt: the ideographic number zero, CJK Extension A,
# the unified block, the compatibility ideographs, planes 2 and 3.
HAN_CLASS: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA_CLASS: Final = "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff6f\uff71-\uff9f"
HANGUL_CLASS: Final = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
# The marks of Chinese running text, as written and as folded to ASCII.
MARK_CLASS: Final = "，。、！？；：“”‘’（）《》〈〉「」『』【】…—·"

_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_HAN_RUN: Final = re.compile(f"[{HAN_CLASS}]+")


def is_han(char: str) -> bool:
    """Whether a character is a Han ideograph.

    >>> is_han("題"), is_han("ㄓ"), is_han("，")
    (True, False, False)
    """
    return _HAN.fullmatch(char) is not None


def count_han(text: str) -> int:
    """How many characters of a text are Han ideographs.

    >>> count_han("問題：IV")
    2
    """
    return sum(map(len, _HAN_RUN.findall(text)))
