"""Which simplified form a character has that may have several: by its neighbours, by phrase, by the language model.

Phrases are those of OpenCC. Where they are silent, the model says which form reads better between the words around.
Rules of this file: it speaks of traditional passages, where nobody chose the character as it stands; the result is one
of ``ambiguous_forms()`` or the character itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from jiaokan.faults.script.neighbours import (
    BY_AUTHOR,
    DRY,
    FIRST,
    MAYBE_QIAN,
    MAYBE_ZHU,
    QIAN,
    SURNAMES,
    ZHU,
)
from jiaokan.lexicon import START
from jiaokan.lexicon.forms import ambiguous_forms
from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.lexicon.plausibility import word_price
from jiaokan.lexicon.variants import convert, only_simplified, simplify

# Longer words are compounds of shorter ones or titles and decide nothing.
LONGEST_WORD: Final = 4
_REACH: Final = LONGEST_WORD - 1  # how many characters to either side one word with this character can take in
NO_WORD: Final = float("-inf")
# OpenCC's phrases with an open character have seven characters at most, but for one.
_PHRASE: Final = 6
# At the end of a clause 着 is at least this probable, log10, behind what is a verb: 闲聊 -2.0, 等待 -1.7, 微笑 -0.4;
# behind the names of authors it has -3.9 to -4.1.
BEHIND_VERB: Final = -3.0
# A page that writes 着 too means 著 by 著. It has to read better as 着 by this much, log10, to count as a slip.
_TOLD_APART: Final = 2.0
# How much better, log10, it has to read as the second form. 沈 is a surname, of which the model knows few bearers; the
# second forms of 徵, 藉 and 鍊 are the rarer ones.
_LEAD: Final = {"乾": 0.0, "沈": 1.0, "像": 0.0, "畫": 0.0, "么": 0.0, "徵": 0.5, "藉": 0.5, "鍊": 1.0}
_FORMS: Final = {**ambiguous_forms(), "像": "像象", "畫": "画划"}
_HAN_AT_END: Final = re.compile(f"[{HAN_CLASS}]+$")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NAME_LEAST, _NAME_MOST = 2, 4  # characters of an author's name


def form(text: str, at: int, told_apart: bool) -> str:
    """The simplified form of the character at ``at`` of a traditional passage; ``told_apart``: the page writes 着 too.

    >>> form("乾隆年間，天氣乾燥", 0, False), form("乾隆年間，天氣乾燥", 7, False)
    ('乾', '干')
    """
    char = text[at]
    if char == "著":
        return zhe_or_zhu(text, at, told_apart)
    decided = by_neighbours(text, at)
    if decided:
        return decided
    phrase = _by_phrase(text, at)
    if phrase != simplify(char) or char not in _LEAD:
        return phrase
    if char == "乾" and (known := _dry_or_qian(text, at)):
        return known
    one, other = tuple(_FORMS[char])
    return other if _lead(text, at, one, other) > _LEAD[char] else one


def by_neighbours(text: str, at: int) -> str:
    """The form that the neighbours of the character at ``at`` leave no choice about; nothing if there are none such."""
    return next((decided for pattern, decided in FIRST.get(text[at], ()) if pattern.match(text, at)), "")


def zhe_or_zhu(text: str, at: int, told_apart: bool) -> str:
    """着 or 著, whichever reads better where the page has 著."""
    if ZHU.match(text, at):
        return "著"
    if not told_apart and not MAYBE_ZHU.match(text, at):
        return "着"
    if BY_AUTHOR.match(text, at):
        return "著" if told_apart or _follows_author(text, at) else "着"
    return "着" if _lead(text, at, "著", "着") > _TOLD_APART * told_apart else "著"


def best_word(text: str, at: int, char: str) -> float:
    """The price of the commonest word of two characters or more that has ``char`` at ``at``."""
    left, right = simplify(text[max(0, at - _REACH) : at]), simplify(text[at + 1 : at + 1 + _REACH])
    words = (
        left[len(left) - i :] + char + right[:j]
        for i in range(len(left) + 1)
        for j in range(len(right) + 1)
        if 0 < i + j < LONGEST_WORD
    )
    return max((price for word in words if (price := word_price(word)) is not None), default=NO_WORD)


def _dry_or_qian(text: str, at: int) -> str:
    """干 or 乾 as its neighbours or a name on the page have it; nothing if they say nothing."""
    if DRY.match(text, at):
        return "干"
    return "乾" if QIAN.match(text, at) or (MAYBE_QIAN.match(text, at) and _has_qian(text)) else ""


@lru_cache(maxsize=1)
def _has_qian(text: str) -> bool:
    """Whether a page has 乾 in a name; asked at each 乾 of it."""
    return QIAN.search(text) is not None


def _follows_author(text: str, at: int) -> bool:
    """Whether what precedes the 著 that ends a clause at ``at`` is a name: short, with a surname first, and no verb."""
    found = _HAN_AT_END.search(text, max(0, at - _NAME_MOST - 1), at)
    name = found.group().lstrip("和與与由及") if found else ""
    if not _NAME_LEAST <= len(name) <= _NAME_MOST or name[0] not in SURNAMES:
        return False
    last = simplify(name[-2:])
    before = START.extend(last)
    return word_price(last) is None or before.extend("着", literal=True).score - before.score < BEHIND_VERB


def _lead(text: str, at: int, one: str, other: str) -> float:
    """log10 of how much likelier the words around ``at`` are with ``other`` there than with ``one``."""
    before, after = START.extend(text[max(0, at - _REACH) : at]), text[at + 1 : at + 1 + _REACH]
    first, second = (before.extend(char, literal=True).extend(after).score for char in (one, other))
    return second - first


def _by_phrase(text: str, at: int) -> str:
    """The character at ``at`` as OpenCC converts it where it stands, also where what is around is simplified by now."""
    plain = simplify(text[at])
    before, after = text[max(0, at - _PHRASE) : at], text[at + 1 : at + 1 + _PHRASE]
    found = _converted(before, text[at], after)
    if found == plain and not only_simplified().isdisjoint(before + after):
        found = _converted(_traditional(before), text[at], _traditional(after))
    return found or plain


def _traditional(text: str) -> str:
    return convert(_SURROGATE.sub("\ufffd", text), "s2t")


def _converted(before: str, char: str, after: str) -> str:
    """``char`` as OpenCC converts it between the two; nothing if it changes their length."""
    converted = convert(_SURROGATE.sub("\ufffd", before + char + after), "t2s")
    return converted[len(before)] if len(converted) == len(before) + 1 + len(after) else ""
