"""One fast pass that says which faults a text can possibly have. A clean text stops here.

A fault missing from the answer is certain not to be there; one that is in it may be. Each test is one search for a
class of characters or a short shape, so that a clean page costs a few searches and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from jiaokan.lexicon.pinyin import LETTER_CLASS
from jiaokan.lexicon.variants import convertible
from jiaokan.report import Fault

# A reading ends in a closing parenthesis; only its last letters need to be seen.
_READING: Final = re.compile(f"[{LETTER_CLASS}] ?[)）]")
_LOST: Final = re.compile("[?\ufffd](?=[?\ufffd]? ?[，。、！？；：,.!?;:\ufffd])")
_CODEPOINTS: Final = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u2e80-\u2fd5"
    "\ud800-\udfff\ue78d-\ue864\uf900-\ufaff\ufeff\U0002f800-\U0002fa1f]|&[A-Za-z#][A-Za-z0-9]{1,24};"
)


def suspects(text: str) -> frozenset[Fault]:
    """The faults that ``text`` can have.

    >>> sorted(suspects("在现代金融社会中，助贷行业逐渐成为了一个重要的市场。"))
    []
    >>> sorted(suspects("現(xiàn)代"))
    [<Fault.ALIGNMENT: 'alignment'>, <Fault.ANNOTATION: 'annotation'>, <Fault.SCRIPT: 'script'>]
    """
    return frozenset(fault for fault, may_have in _TESTS if may_have(text))


def _alignment(text: str) -> bool:
    return _READING.search(text) is not None or _LOST.search(text) is not None


def _annotation(text: str) -> bool:
    return _READING.search(text) is not None


def _codepoints(text: str) -> bool:
    return _CODEPOINTS.search(text) is not None


def _script(text: str) -> bool:
    return _traditional().search(text) is not None


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[著{''.join(sorted(convertible()))}]")


_TESTS: Final[tuple[tuple[Fault, Callable[[str], bool]], ...]] = (
    (Fault.ALIGNMENT, _alignment),
    (Fault.ANNOTATION, _annotation),
    (Fault.CODEPOINTS, _codepoints),
    (Fault.SCRIPT, _script),
)
