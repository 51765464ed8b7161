"""One fast pass that says whether a text can have a fault, and which. A clean text stops here.

A fault that is ruled out is certain not to be there; one that is not may be. Every test is one search for a class of
characters: ``re`` looks for those at a nanosecond or two a character, and what else a fault needs to show is asked
only where one of them stands. The test for all faults at once is the same search for all their characters together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from jiaokan.faults.transcoding.suspicion import Sign, shown
from jiaokan.lexicon.pinyin import LETTER_CLASS
from jiaokan.lexicon.variants import convertible
from jiaokan.report import Fault

# A reading ends in a closing parenthesis; only its last letters need to be seen.
_READING: Final = Sign(")）", f"(?:(?<=[{LETTER_CLASS}].)|(?<=[{LETTER_CLASS}] .))")
_LOST: Final = Sign("?\ufffd", "(?=[?\ufffd]? ?[，。、！？；：,.!?;:\ufffd])")
_BLANK: Final = Sign(" ", "(?=[，。、！？；：,:;!?])")
_REFERENCE: Final = Sign("&", "[A-Za-z#][A-Za-z0-9]{1,24};")
_CODEPOINT: Final = Sign(
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u2e80-\u2fd5"
    "\ud800-\udfff\ue78d-\ue864\uf900-\ufaff\ufeff\U0002f800-\U0002fa1f"
)


def may_have_any(text: str) -> bool:
    """Whether ``text`` can have any fault at all.

    >>> may_have_any("在现代金融社会中，助贷行业逐渐成为了一个重要的市场。"), may_have_any("現(xiàn)代")
    (False, True)
    """
    return _any().search(text) is not None


def may_have(text: str, fault: Fault) -> bool:
    """Whether ``text`` can have this fault.

    >>> [fault.value for fault in Fault if may_have("现(xiàn)代", fault)]
    ['alignment', 'annotation']
    """
    pattern = _patterns().get(fault)
    return pattern is not None and pattern.search(text) is not None


@cache
def _signs() -> dict[Fault, tuple[Sign, ...]]:
    return {
        Fault.TRANSCODING: shown(),
        Fault.ALIGNMENT: (_READING, _LOST, _BLANK),
        Fault.ANNOTATION: (_READING,),
        Fault.CODEPOINTS: (_CODEPOINT, _REFERENCE),
        Fault.SCRIPT: (Sign(f"著{''.join(sorted(convertible()))}"),),
    }


@cache
def _patterns() -> dict[Fault, re.Pattern[str]]:
    return {fault: _pattern(signs) for fault, signs in _signs().items()}


@cache
def _any() -> re.Pattern[str]:
    return _pattern(dict.fromkeys(sign for signs in _signs().values() for sign in signs))


def _pattern(signs: Iterable[Sign]) -> re.Pattern[str]:
    """One pattern for several signs. It opens with a single class, so that ``re`` skips everything else quickly."""
    signs = tuple(signs)
    chars = "".join(sign.chars for sign in signs)
    around = "|".join(f"(?<=[{sign.chars}]){sign.around}" for sign in signs)
    return re.compile(f"[{chars}](?:{around})")
