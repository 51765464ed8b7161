"""Blanks that are no plain blank: those that do not break a line, those of a certain width, the ideographic one.

Beside Chinese they become what a hand would type. They stay in numbers and between a number and its unit, beside lines
of a drawing, and the ideographic blank stays wherever it sets something apart: in front of a paragraph, between the
fields of a list, in a verse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.faults.codepoints.proposals import HAN, line, probable
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS
from jiaokan.report import Finding

_ODD: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
_ANY: Final = re.compile(f"[{_ODD}]")
_RUN: Final = re.compile(f"(?<![ \t])[ \t]*(?P<odd>[{_ODD}])[{_ODD} \t]*")
_AS_WIDE_AS_HAN: Final = "\u2001\u2003"
# Lines of a drawing, and the quotation marks of French, which are set off by such a blank.
_SET_OFF: Final = re.compile("[\u2500-\u257f«»]")
_NEAR_HAN: Final = re.compile(f"[{HAN_CLASS}{MARK_CLASS}]")
# Between letters an ideographic blank is one that an input method left switched on.
_AMID_LETTERS: Final = re.compile("(?<=[A-Za-z])\u3000(?=[A-Za-z])")


def find(text: str) -> Iterator[Finding]:
    """Every odd blank beside Chinese, with a plain one; in front of a line one as wide as a Han character.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("价格\\u00a0100\\u00a0km\\u2009以上")]
    [('\\xa0', ' '), ('\\u2009', ' ')]
    """
    for m in _RUN.finditer(text) if _ANY.search(text) else ():
        before, after = text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]
        if _SET_OFF.match(before) or _SET_OFF.match(after) or not (_NEAR_HAN.match(before) or _NEAR_HAN.match(after)):
            continue
        in_front = before in ("", "\n")
        plain = "".join(
            "\u3000" if in_front and c in _AS_WIDE_AS_HAN else "\t" if c == "\t" else " " for c in m.group()
        )
        why = f"U+{ord(m['odd']):04X} is a blank for other places than Chinese text"
        yield probable(m, plain, why)
    for m in _AMID_LETTERS.finditer(text):
        if HAN.search(line(text, m)):
            yield probable(m, " ", "U+3000 is a blank as wide as a Han character, here between letters")
