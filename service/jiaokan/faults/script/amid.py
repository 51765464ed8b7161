"""Characters amid simplified text that are simplified characters as well: 著, 乾, 於.

Somebody may have chosen them (鲁迅著, 乾隆, 樊於期). They are touched only in words that are much commoner with the
other form (随著, 乾净), and in clauses that are traditional themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.script.choice import NO_WORD, best_word, by_neighbours, form
from jiaokan.lexicon.forms import ambiguous_forms, to_simplified, valid_in_simplified
from jiaokan.lexicon.hanzi import is_han
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

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
