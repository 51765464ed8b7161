"""Blanks that control characters left: the second rule at places where it cut nothing open.

The rule puts control characters before every occurrence of a mark, and extraction makes one blank of them. A page
that has the rule for a mark has it everywhere, which tells it from the blank that a dropped word left before a mark
(常用的 ,通過) or that a hand typed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.pinyin import LETTER_CLASS

_READING_END: Final = f"[{LETTER_CLASS}][)）]"
# A mark, and the blank before it if there is one. Folded marks count beside Han only: 10:30 and a, b are other matters.
_MARK: Final = re.compile(
    r"(?<![\n\t?\ufffd])(?<![?\ufffd] )(?P<blank> ?)(?:(?P<wide>[，。、！？；：])"
    rf"|(?P<folded>(?:(?<=[^\x00-\x7f])|(?<=[^\x00-\x7f] )|(?<={_READING_END})|(?<={_READING_END} ))[,:;!?]"
    r"|[,:;!?](?=[^\x00-\x7f])))"
    r"(?P<behind> (?! ?[，。、！？；：,:;!?\n]))?"
)
_BLANK: Final = re.compile(" [，。、！？；：,:;!?]")
# Behind the mark of a lost byte, which is no place to learn the rule from.
_BEHIND_LOST: Final = re.compile("(?<=[?\ufffd]) (?=[，。、！；：,:;!])")
# Of the places of a mark those that have a blank, at least; marks inside garbled stretches are none of the rule's.
REGULAR: Final = 0.9
# Where other marks bear the rule out at so many places, a lower share will do: some marks of a folded page were ASCII
# before, and many of its question marks stand for lost bytes.
BORNE_OUT: Final = 3
MIXED: Final = 0.5
# No running text is without these; a form has 姓名 ：in every line.
_RUNNING: Final = frozenset("，。、,")


def blanks(text: str) -> tuple[list[int], int]:
    """Where the rule left blanks, and at how many places the page bears it out: of one mark, until there are some.

    >>> blanks("在現場拍攝 ，“從這裡 。")
    ([5, 11], 1)
    """
    if not _BLANK.search(text):
        return [], 0
    found = list(_found(text))
    all_of, with_blank = _counts(found, behind_han=True)
    ruled = {mark for mark, number in with_blank.items() if number >= REGULAR * all_of[mark]}
    times = [with_blank[mark] for mark in ruled] if ruled & _RUNNING else [1] * bool(ruled)
    if sum(times) < BORNE_OUT:
        return [at for mark, at, _ in found if at >= 0 and mark in ruled], max(times, default=0)
    all_of, with_blank = _counts(found, behind_han=False)
    ruled |= {mark for mark, number in with_blank.items() if mark == "?" or number >= MIXED * all_of[mark]}
    behind_lost = (m.start() for m in _BEHIND_LOST.finditer(text) if text[m.end()] in ruled)
    return [*(at for mark, at, _ in found if at >= 0 and mark in ruled), *behind_lost], sum(times)


def _counts(found: list[tuple[str, int, bool]], behind_han: bool) -> tuple[Counter[str], Counter[str]]:
    """How often each mark stands on the page, or behind Han only, and how often with a blank before it."""
    counted = [(mark, at) for mark, at, is_behind_han in found if is_behind_han or not behind_han]
    return Counter(mark for mark, _ in counted), Counter(mark for mark, at in counted if at >= 0)


def _found(text: str) -> Iterator[tuple[str, int, bool]]:
    """Each mark, where the blank before it is, or -1, and whether a Han character precedes or the reading of one:
    people put blanks behind Latin, and on both sides of a mark."""
    for m in _MARK.finditer(text):
        at = m.start()
        behind_han = at > 0 and (is_han(text[at - 1]) or re.fullmatch(_READING_END, text[at - 2 : at]) is not None)
        yield m["wide"] or m["folded"], at if m["blank"] and not m["behind"] else -1, behind_han
