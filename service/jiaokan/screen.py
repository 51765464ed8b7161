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

from jiaokan.edits import Edit
from jiaokan.faults.gaps.places import may_have_gaps
from jiaokan.faults.transcoding.signs import Sign, shown
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS
from jiaokan.lexicon.pinyin import LETTER_CLASS
from jiaokan.lexicon.variants import convertible, japanese_forms, to_simplified
from jiaokan.report import Consent, Fault, Finding

# A reading ends in a closing parenthesis; only its last letters need to be seen.
_READING: Final = Sign(")）", f"(?:(?<=[{LETTER_CLASS}].)|(?<=[{LETTER_CLASS}] .))")
_LOST: Final = Sign("?\ufffd", "(?=[?\ufffd]? ?[，。、！？；：,.!?;:\ufffd])")
_BLANK: Final = Sign(" ", "(?=[，。、！？；：,:;!?])")
_CODEPOINT: Final = Sign(
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xa0\xad\u034f\u061c\u115f\u1160\u1680\u2000-\u200f\u2028-\u202f"
    "\u205f-\u2064\u2066-\u206f\u2e80-\u2fd5\u3164\ud800-\udfff\ue000-\uf848\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\ufeff"
    "０-９Ａ-Ｚａ-ｚ｡-､･\uffa0\ufffc\U0002f800-\U0002fa1f"
)
_SELECTOR: Final = Sign("\ufe03-\ufe0f", f"(?<=[{HAN_CLASS}{MARK_CLASS}].)")
_REFERENCE: Final = Sign(
    "&",
    "(?:[A-Za-z#][A-Za-z0-9]{1,24}[;；]|nbsp|e[nm]sp|quot|middot|[lr][ds]quo|hellip|mdash|bull|#[0-9]{4}|#[xX][0-9A-Fa-f]{4})",
)
_ESCAPES: Final = (
    Sign("\\\\", r"(?:u[0-9A-Fa-f]{4}|u[{]|x[0-9A-Fa-f]{2}\\)"),
    Sign("%", "(?:u[0-9A-Fa-f]{4}|[89A-Fa-f][0-9A-Fa-f]%)"),
    Sign("=", "[89A-Fa-f][0-9A-Fa-f]="),
)
# A blank between Han characters, in a label perhaps more than one, and before a mark.
_BLANKS: Final = (
    Sign(" \u3000", f"(?<=[{HAN_CLASS}].)(?=[{HAN_CLASS}]|[ \u3000]+[{HAN_CLASS}][：:])"),
    Sign(" \u3000", f"(?<=[{HAN_CLASS}”’）》〉」』】 \u3000].)(?=[，。、！？；：])"),
    Sign("\u3000", "(?<=[A-Za-z].)(?=[A-Za-z])"),
)
# ASCII marks, where they are asked to be fullwidth.
_MARKS: Final = (
    Sign(",.:;?!", f"(?:(?<=[{HAN_CLASS}{MARK_CLASS}％].)|(?= ?[{HAN_CLASS}{MARK_CLASS}]))"),
    Sign("(", "(?=[^()\n]{1,200}[)])"),
)

# The controls that no text has: the "binary data bytes" of the WHATWG MIME Sniffing standard, section 3.
_NOT_OF_TEXT: Final = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Programs, archives, pictures and fonts read as text had all 27 of them, in 14 to 58 % of their characters (nine files
# in six formats). Text with controls has few, or few kinds: where they part fields, one or two.
_SHARE_OF_NO_TEXT: Final = 0.05
_KINDS_OF_NO_TEXT: Final = 9


def no_text(text: str) -> Finding | None:
    """What says that it is a picture, a program or an archive that somebody took for a text; ``None`` for a text.

    >>> no_text("问题\\x00\\x01"), no_text("".join(map(chr, range(32)))).evidence
    (None, 'full of controls of many kinds: this is no text, and stays as it is')
    """
    found = _NOT_OF_TEXT.findall(text)
    if len(found) < _SHARE_OF_NO_TEXT * len(text) or len(set(found)) < _KINDS_OF_NO_TEXT:
        return None
    evidence = "full of controls of many kinds: this is no text, and stays as it is"
    return Finding(Fault.CODEPOINTS, (Edit.at(0, text[0], text[0]),), Consent.SUGGESTED, 0.0, evidence)


def may_have_any(text: str, punctuation: str = "keep") -> bool:
    """Whether ``text`` can have any fault at all; with ``punctuation="fullwidth"`` an ASCII mark in Chinese is one.

    >>> may_have_any("在现代金融社会中，助贷行业逐渐成为了一个重要的市场。"), may_have_any("現(xiàn)代")
    (False, True)
    """
    return _any(punctuation).search(text) is not None or may_have_gaps(text)


def may_have(text: str, fault: Fault, punctuation: str = "keep") -> bool:
    """Whether ``text`` can have this fault.

    >>> [fault.value for fault in Fault if may_have("现(xiàn)代", fault)]
    ['alignment', 'annotation']
    """
    if fault is Fault.GAPS:
        return may_have_gaps(text)
    return _patterns(punctuation)[fault].search(text) is not None


@cache
def _signs(punctuation: str) -> dict[Fault, tuple[Sign, ...]]:
    marks = _MARKS if punctuation == "fullwidth" else ()
    return {
        Fault.TRANSCODING: shown(),
        Fault.ALIGNMENT: (_READING, _LOST, _BLANK),
        Fault.ANNOTATION: (_READING,),
        Fault.CODEPOINTS: (_CODEPOINT, _SELECTOR, _REFERENCE, *_ESCAPES, *_BLANKS, *marks),
        Fault.SCRIPT: (Sign("".join(sorted({"著", *convertible(), *to_simplified(), *japanese_forms()}))),),
    }


@cache
def _patterns(punctuation: str) -> dict[Fault, re.Pattern[str]]:
    return {fault: _pattern(signs) for fault, signs in _signs(punctuation).items()}


@cache
def _any(punctuation: str) -> re.Pattern[str]:
    return _pattern(dict.fromkeys(sign for signs in _signs(punctuation).values() for sign in signs))


def _pattern(signs: Iterable[Sign]) -> re.Pattern[str]:
    """One pattern for several signs. It opens with a single class, so that ``re`` skips everything else quickly."""
    signs = tuple(signs)
    chars = "".join(sign.chars for sign in signs)
    around = "|".join(f"(?<=[{sign.chars}]){sign.around}" for sign in signs)
    return re.compile(f"[{chars}](?:{around})")
