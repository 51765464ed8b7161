"""Characters with several simplified forms, chosen place by place: in traditional text, and amid simplified text.

Neighbours that decide by themselves come first (``neighbours``), then phrases, then the language model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.script.neighbours import BY_AUTHOR, DRY, FIRST, MAYBE_QIAN, MAYBE_ZHU, QIAN, SURNAMES, ZHU
from jiaokan.lexicon import START
from jiaokan.lexicon.hanzi import HAN_CLASS, is_han
from jiaokan.lexicon.model import word_price
from jiaokan.lexicon.variants import (
    ambiguous_forms,
    convert,
    only_simplified,
    simplify,
    to_simplified,
    valid_in_simplified,
)
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

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


# 着 for 著 only in words that are this much commoner with it, in log10 (随着 over 随著: 1.2).
COMMONER: Final = 1.0
# The other characters only in words at least this common, log10. (于是 -4.0, 饼干 -5.2; 干清宫, which the list has from
# converted text, -6.7)
COMMON: Final = -5.5
# How sure a conversion is that rests on the script of the clause alone.
BY_CLAUSE: Final = 0.9

# What simplified text is likeliest to have chosen.
_CHOSEN: Final = "著乾藉徵於夥"

_CLAUSE: Final = re.compile("[^，。！？；：,!?;:\n]+")
# 干 is no name in these words.
_WORDS: Final = {"乾": re.compile("乾(?=[净淨燥杯脆枯涸旱果粮糧洗货貨])|(?<=[饼餅烘晒曬晾])乾")}


def find(page: str, converted: Sequence[int], is_simplified: bool) -> list[Finding]:
    """The findings among them, given where traditional characters are ``converted``, and whether the page has
    simplified ones."""
    places = [place.start() for place in _open().finditer(page) if not is_alone(page, place.start())]
    if not places:
        return []
    traditional = clauses_with(page, converted)
    neutral = not converted and not is_simplified
    return [
        found
        for at in places
        for found in _found(page, at, (neutral and page[at] not in _CHOSEN) or traditional.covers(at))
    ]


def clauses_with(page: str, places: Iterable[int]) -> Spans:
    """The clauses of a page in which one of the places lies.

    >>> [*clauses_with("一，二三，四", [3])]
    [Span(start=2, end=4)]
    """
    marked = Spans((at, at + 1) for at in places)
    return Spans(m.span() for m in _CLAUSE.finditer(page) if marked.overlaps(m.span())) if marked else marked


def _found(page: str, at: int, traditional: bool) -> Iterator[Finding]:
    before = page[at]
    if traditional:
        after, confidence = form(page, at, False), BY_CLAUSE
    else:
        after, confidence = _by_word(page, at)
    if after != before:
        why = f"{before} is {after} in simplified, save in names and a few words"
        yield Finding(Fault.SCRIPT, (Edit.at(at, before, after),), Consent.PROBABLE, confidence, why)


def is_alone(page: str, at: int) -> bool:
    """Whether one character stands by itself: in quotation marks, in parentheses, in a list."""
    return not is_han(page[at - 1 : at]) and not is_han(page[at + 1 : at + 2])


def _by_word(page: str, at: int) -> tuple[str, float]:
    """What stands there in simplified text, and how sure that is."""
    char = page[at]
    if by_neighbours(page, at) == char or (char in _WORDS and not _WORDS[char].match(page, at)):
        return char, 1.0
    after = ambiguous_forms()[char][0] if char in ambiguous_forms() else to_simplified()[char]
    this, other = (best_word(page, at, each) for each in (char, after))
    least = this + COMMONER if char == "著" else max(this, COMMON)
    if other == NO_WORD or other <= least:
        return char, 1.0
    return after, round(1 / (1 + 10 ** (this - other)), 3) if this > NO_WORD else 1.0


@cache
def _open() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(valid_in_simplified() - set('覆藉沈坏么彷吒扞甚像俱哩畫座薰麴祇')))}]")
