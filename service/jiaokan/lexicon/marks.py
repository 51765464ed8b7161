"""What the characters cost that are not Han: punctuation, Latin letters, digits, and everything else.

The language model knows words and nothing else. A mark of punctuation is priced by the kind of character before it, and
by whether it closes what was opened: 。 is likelier at the end of a line than ·, and ” only where there was “.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from jiaokan.lexicon.hanzi import HANGUL_CLASS, KANA_CLASS, is_han

# log10 of how often a mark follows a character of a kind, and the marks. Counted in 146,000 characters of manuals
# (debian-handbook, debian-faq-zh-cn and installation-guide of Debian 12) and the gold pages, behind Han for each word
# and not for each character; marks they have too few of, or too many (「」), have a round number. What is not listed
# costs ``UNUSUAL``.
_AFTER: Final[dict[str, dict[float, str]]] = {
    "han": {
        -1.2: "，",
        -1.4: "。",
        -2.0: "\n",
        -2.2: "、",
        -2.4: "“",
        -2.5: "”：",
        -2.6: "（）",
        -2.8: '！；"',
        -3.0: "？《》",
        -3.2: "「」.",
        -3.4: "『』",
        -3.5: "</-",
        -3.8: "…·'>",
        -4.0: "—~&",
        -4.2: "‘’",
        -4.5: "【】",
        -5.0: "〈〉%",
    },
    "clause": {-2.0: "“", -2.5: "\n", -2.6: "《「", -2.8: "『", -3.6: "（", -3.8: "‘", -4.0: "—"},
    "sentence": {
        -0.4: "\n",
        -1.6: "”",
        -2.3: "“（",
        -2.5: "）…",
        -2.6: "」",
        -2.8: "『』《「",
        -3.0: "’",
        -3.2: "！？",
    },
    "opening": {-2.3: "“", -2.6: "《", -3.0: "（‘「…"},
    "closing": {
        -0.9: "，。",
        -1.2: "、\n",
        -2.0: "；（",
        -2.2: "：）”",
        -2.3: "“",
        -2.5: "》",
        -2.8: "？！—",
        -3.0: "…",
    },
    "latin": {
        -1.4: ".",
        -1.6: "/-",
        -1.7: "%",
        -1.8: "，",
        -2.0: "。_",
        -2.2: "、",
        -2.3: "”",
        -2.4: "）",
        -2.5: "·",
        -2.6: "（\n",
        -2.7: "：",
        -3.0: "》—",
        -3.2: "；",
        -3.5: "“",
        -3.6: "！？",
    },
    "other": {-1.0: "—…", -1.2: "\n", -1.8: "“", -2.3: "《，。", -2.5: "（", -2.6: "”）", -2.7: "："},
}
_MARKS: Final = frozenset("".join(marks for rows in _AFTER.values() for marks in rows.values()))
UNUSUAL: Final = -4.5
# A blank, which stands for other things too on a page that was scraped.
BLANK: Final = -1.6
# The same mark once more, as wide as the first: ！！！, ……, ——.
SAME_AGAIN: Final = {"—": -0.2, "…": -0.3, "！": -1.4, "？": -1.4, "。": -2.3, ".": -0.5}
# What was opened is closed within some fifteen characters; what was not opened is not closed, unless the page hides
# where it was; and few lines end within quotation marks.
CLOSES: Final = 0.9
CLOSES_NOTHING: Final = -1.5
LEFT_OPEN: Final = -1.0
# A colon follows words of speech, and quotation marks the colon.
COLON_AFTER_SPEECH: Final = -0.7
QUOTE_AFTER_COLON: Final = -0.7
# No line ends in the middle of an enumeration.
AFTER_ENUMERATION: Final = -1.5
# A clause does not end in a word that needs another one behind it.
AFTER_BOUND_WORD: Final = -1.5
# A clause asks more often if it has one of these: 谁, 哪 and what begins 怎么, 什么.
ASKING: Final = frozenset("吗嗎呢怎什谁誰哪")
QUESTION: Final = 1.6
# A letter or a digit that opens a run, and one that goes on with it. Runs make up one character in a hundred.
LETTER_FIRST: Final = -5.0
DIGIT_FIRST: Final = -3.2
LATIN_NEXT: Final = -1.0
LATIN_CHANGED: Final = -2.0  # 3D, iPhone
KANA_OR_HANGUL: Final = -4.5
# Greek, Cyrillic, Bopomofo, symbols, private use: one in ten thousand characters of the gold pages at most,
# spread over some hundreds of code points.
OTHER: Final = -7.0

_KANA_OR_HANGUL: Final = re.compile(f"[{KANA_CLASS}{HANGUL_CLASS}]")
_WIDE: Final = dict(zip(",;:!?()\r\t\u3000", "，；：！？（）\n  ", strict=True))
_CLOSED_BY: Final = dict(zip("“‘（《〈「『【", "”’）》〉」』】", strict=True))
_CLOSING: Final = frozenset(_CLOSED_BY.values())
# All that ``opened`` takes into account.
BRACKETS: Final = re.compile(f"[{''.join((*_CLOSED_BY, *_CLOSED_BY.values()))}()]")
_CLAUSE_ENDS: Final = frozenset("，、；：")
_SENTENCE_ENDS: Final = frozenset("。！？…")
_SPEECH: Final = frozenset("曰道说云问答称叫喊")
_BOUND: Final = frozenset("在和与把被对从向于以及或将跟给让使由")
# Answers remembered by each function, at most 200 bytes each: all fixtures together ask for 6,915 prices.
_REMEMBERED: Final = 8192
# How deep brackets within brackets are followed.
_DEEPEST: Final = 3


@lru_cache(maxsize=_REMEMBERED)
def mark_price(char: str, last: str, pending: str = "", asks: bool = False) -> float:
    """log10 of the probability of a character that is not Han, ``last`` the one before it, ``""`` at the start.

    ``pending`` are the brackets and quotation marks that are open, the innermost last; ``asks``, whether the clause has
    a word of those that ask.

    >>> mark_price("。", "了") > mark_price("·", "了"), mark_price("”", "。", "“") > mark_price("”", "。")
    (True, True)
    """
    if char.isascii() and char.isalnum():
        if last.isascii() and last.isalnum():
            return LATIN_NEXT if _goes_on(last, char) else LATIN_CHANGED
        return DIGIT_FIRST if char.isdigit() else LETTER_FIRST
    mark, before = _WIDE.get(char, char), _WIDE.get(last, last)
    if char == last and mark in SAME_AGAIN:
        return SAME_AGAIN[mark]
    if mark == " ":
        return BLANK
    if mark in _MARKS:
        return _price_of_mark(mark, before, pending) + (QUESTION if asks and mark == "？" else 0.0)
    return KANA_OR_HANGUL if _KANA_OR_HANGUL.fullmatch(char) else OTHER


def ends_clause(char: str) -> bool:
    """Whether a clause ends with a character.

    >>> ends_clause(","), ends_clause("”")
    (True, False)
    """
    return char == "\n" or _WIDE.get(char, char) in _CLAUSE_ENDS | _SENTENCE_ENDS


@lru_cache(maxsize=_REMEMBERED)
def opened(char: str, pending: str) -> str:
    """The brackets that are open after a character that is not Han.

    >>> opened("（", "“"), opened("）", "“（"), opened("\\n", "“")
    ('“（', '“', '')
    """
    mark = _WIDE.get(char, char)
    if mark == "\n":
        return ""
    if mark in _CLOSED_BY:
        return (pending + mark)[-_DEEPEST:]
    if pending and mark == _CLOSED_BY[pending[-1]]:
        return pending[:-1]
    return pending


def _goes_on(last: str, char: str) -> bool:
    """Whether a character of a run is of the kind of the one before it, or a small letter."""
    return last.isdigit() if char.isdigit() else last.isalpha() and (char.islower() or last.isupper())


def _price_of_mark(mark: str, last: str, pending: str) -> float:
    found = _prices_of_marks()[_kind(last)].get(mark, UNUSUAL)
    if mark == "：" and last in _SPEECH:
        return COLON_AFTER_SPEECH
    if mark == "“" and last == "：":
        return QUOTE_AFTER_COLON
    if last in _BOUND and mark in _CLAUSE_ENDS | _SENTENCE_ENDS:
        found += AFTER_BOUND_WORD
    if mark == "\n" and last == "、":
        found += AFTER_ENUMERATION
    if mark in _CLOSING:
        found += CLOSES if pending and mark == _CLOSED_BY[pending[-1]] else CLOSES_NOTHING
    return found + LEFT_OPEN if mark == "\n" and pending else found


@lru_cache(maxsize=_REMEMBERED)
def _kind(last: str) -> str:
    if last in _CLAUSE_ENDS:
        return "clause"
    if last in _SENTENCE_ENDS:
        return "sentence"
    if last in _CLOSED_BY:
        return "opening"
    if last in _CLOSING:
        return "closing"
    if last.isascii() and last.isalnum():
        return "latin"
    return "han" if last and is_han(last) else "other"


@cache
def _prices_of_marks() -> dict[str, dict[str, float]]:
    """By the kind of the character before: each mark with its price."""
    return {kind: {mark: price for price, marks in rows.items() for mark in marks} for kind, rows in _AFTER.items()}
