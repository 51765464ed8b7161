"""Where a word is missing: places that nobody writes so, and what of them shows at a glance.

A blank amid a sentence, two marks in a row, quotation marks with nothing between them, 与 with nothing behind it,
在 with nothing that closes it. None of these shows which word it was, and each is met on sound pages too.
``may_have_gaps`` is one search, of which hardly any sound page has anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.lexicon.model import START, word_price

# What follows 问 in 问题, in other words, and where somebody asks; and what precedes it in words.
_AFTER: Final = "题題世候卷答好曰：“「之其我他她你了谁誰何"
_BEFORE: Final = "慰访訪疑询詢顾顧学學提质質追请請审審拷责責盘盤反过過发發"


def may_have_gaps(text: str) -> bool:
    """Whether a text has a place at which words can be missing.

    >>> may_have_gaps("催收问也日益凸显"), may_have_gaps("催收问题也日益凸显")
    (True, False)
    """
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    """Each alternative opens with a character of its own, so that ``re`` looks for these and skips all others."""
    closes, blanks = "(?=[，。；！？\n]|$)", " \u00a0\u3000"
    return re.compile(
        "|".join(
            (
                *(f"{half}(?![{_AFTER}])(?<![{_BEFORE}].)" for half in "问問"),
                f"与{closes}(?<!参.)",
                f"或{closes}",
                *(f"{joins}(?=\n|$)" for joins in "和及"),
                *(f"{blank}(?=[{blanks}]?[{HAN_CLASS}，。、；,])(?<=[{HAN_CLASS}、].)" for blank in blanks),
                *(f"{mark}(?:(?!{mark})(?=[、，；：。！？])(?<=[{HAN_CLASS}].)|(?<=，.))" for mark in "、；："),
                "“(?=”)",
                "《(?=》)",
                "「(?=」)",
                "『(?=』)",
                f"在(?=[{HAN_CLASS}]{{3,16}}的[也还却又更])",
            )
        )
    )


class GapKind(Enum):
    """What shows that a word is missing."""

    TORN = "a blank for what the sentence wants"
    BLANK = "a blank amid a sentence"
    MARKS = "two marks in a row"
    QUOTES = "nothing between quotation marks"
    JOINS = "nothing for it to join"
    CLOSES = "nothing closes 在"

    @property
    def precision(self) -> float:
        """How probable it is that a word is missing in such a place."""
        return _PRECISION[self]


# In bench gaps 99 in a hundred blanks were gaps; no sound page there has any, but others do, so these are
# put lower. Of the other kinds too few were met to know more than their order.
_PRECISION: Final = {
    GapKind.TORN: 0.9,
    GapKind.BLANK: 0.8,
    GapKind.QUOTES: 0.6,
    GapKind.JOINS: 0.6,
    GapKind.MARKS: 0.3,
    GapKind.CLOSES: 0.3,
}


class Place(NamedTuple):
    """A place where a word is missing; ``start`` to ``end`` is what stands for it, a blank or nothing."""

    start: int
    end: int
    evidence: GapKind


# Each opens with the characters it is about and looks back from there, so that ``re`` skips all others.
_BLANK: Final = re.compile(f"[ \u00a0\u3000](?<=[{HAN_CLASS}、].)[ \u00a0\u3000]?(?=[{HAN_CLASS}，。、；,])")
_MARKS: Final = re.compile(
    "|".join(
        f"{mark}(?<=[{HAN_CLASS}].)(?=[{others}])"
        for mark, others in (("、", "，。；：！？"), ("，", "、；："), ("；", "、：，。！"), ("：", "、；，。！"))
    )
)
_QUOTES: Final = re.compile("“(?=”)|《(?=》)|「(?=」)|『(?=』)")
# 和 before a mark is a sum, 及 the end of 后悔莫及, 与 that of 不与 or an old 欤 (求之与！); in headings they join.
_BEFORE_MARK: Final = "(?=[，。；])"
_ENDS_HEADING: Final = "(?=\n[\n一二三四五六七八九十\\d（(]|$)"
_JOINS: Final = re.compile(
    "|".join(
        f"{word}(?<=[{HAN_CLASS}]{{2}}{word})(?:{where})"
        for word, where in (
            ("以及", f"{_BEFORE_MARK}|{_ENDS_HEADING}"),
            ("或", f"{_BEFORE_MARK}|{_ENDS_HEADING}"),
            ("与", f"(?<![不可多莫之].){_BEFORE_MARK}|{_ENDS_HEADING}"),
            ("和", _ENDS_HEADING),
            ("及", _ENDS_HEADING),
        )
    )
)
_OPEN: Final = re.compile(f"在(?<![现存所正好实内外].)(?=[{HAN_CLASS}]{{3,16}}的)")
_BEHIND: Final = re.compile(f"(?<=的)(?=[{HAN_CLASS}])")
_ALSO: Final = "也还却又更"
_CLAUSE: Final = re.compile("[^，。！？；：、,;:!?\n]*")
_ENDS: Final = "。！？；\n"
_SENTENCE_END: Final = re.compile(f"[{_ENDS}]")
_HAN: Final = re.compile(f"[{HAN_CLASS}]")

# What cannot end a clause: it wants something behind it.
_WANTS: Final = re.compile(
    "(?:通过|采用|采取|使用|利用|运用|借助|包括|包含|根据|按照|依照|依据|关于|对于|由于|为了|除了|以及|或者|例如|比如|诸如"
    "|各种|这种|那种|一种|几种|多种|[与和及或、])$"
)
# Nor can what was promised a noun: 另一种常用的.
_PROMISED: Final = re.compile("(?:[一这那各某几多两][种个类项条些]|除了)[^，。！？；：、,;:!?\n]{1,8}的$")
# What cannot begin one: it wants something before it.
_FOLLOWS: Final = re.compile("(?:以及|及其|及|与|或者|或|、|等)")
# A page that has a blank between Han characters more often than once in so many has them for another reason.
_SELDOM: Final = 60
# Han characters of a sentence at least: shorter lines are names, titles and tables.
_SENTENCE_LEAST: Final = 8
# How far a sentence is followed to either side.
_SENTENCE_MOST: Final = 200
# log10 by which 同时 may at most read worse than nothing behind 在…的. Of 4,903 such places in 3.2 million clean
# characters, whatever closes them, 8 came to more than -2.0 and 138 to more than -3.0; of 116 that lost it, 11 and 35.
_CLOSES: Final = -2.0
_MAY_CLOSE: Final = -3.0
_CLOSER: Final = "同时"
_REACH: Final = 6
_FARTHEST: Final = 17
# What closes 在 anywhere in its clause.
_CLOSED: Final = re.compile("[中上下里内时前后间外旁边处]|情况|过程|基础|背景|地方|期|同")
# A heading is no longer than this, and numbered: other lines may have been broken, or are verse.
_HEADING: Final = 30
_NUMBERED: Final = re.compile(
    r"\s*(?:第?[一二三四五六七八九十百\d]+[、.．章节部分 ]|[（(][一二三四五六七八九十\d]+[)）])"
)
_NEAR: Final = 12


def places(text: str) -> list[Place]:
    """The places that show by themselves that a word is missing, in reading order.

    >>> [text[place.start - 2 : place.end] for text in ["本行通常采用 催收。"] for place in places(text)]
    ['采用 ']
    """
    found = (*_blanks(text), *_between(text), *_joins(text), *_open(text, _CLOSES, _ALSO))
    return sorted(found, key=_span)


def weak_places(text: str, known: Sequence[Place]) -> list[Place]:
    """Further places, which count on a page where a filter was at work."""
    return sorted({*_open(text, _MAY_CLOSE, "")} - set(known), key=_span)


def _span(place: Place) -> tuple[int, int]:
    return place.start, place.end


def _blanks(text: str) -> Iterator[Place]:
    """Blanks that nobody leaves in a sentence, on a page where they are seldom."""
    found = list(_BLANK.finditer(text))
    if not found or len(found) * _SELDOM > max(len(_HAN.findall(text)), _SELDOM):
        return
    for m in found:
        first = max(0, m.start() - _SENTENCE_MOST)
        start = max(first, *(text.rfind(mark, first, m.start()) + 1 for mark in _ENDS))
        end = _SENTENCE_END.search(text, m.end(), m.end() + _SENTENCE_MOST)
        sentence = text[start : end.start() if end else m.end() + _SENTENCE_MOST]
        before, after = text[max(start, m.start() - _NEAR) : m.start()], text[m.end() : m.end() + 2]
        if len(_HAN.findall(sentence)) < _SENTENCE_LEAST:
            continue
        if _is_torn(before, after):
            yield Place(*m.span(), GapKind.TORN)
        elif end and end.group() != "\n" and len(_BLANK.findall(sentence)) == 1 and _is_within(before, after):
            yield Place(*m.span(), GapKind.BLANK)


def _is_torn(before: str, after: str) -> bool:
    """Whether what stands before a blank wants something behind it, or the other way round."""
    wants, follows = _WANTS.search(before), _FOLLOWS.match(after)
    if wants and (len(wants.group()) > 1 or word_price(before[-2:]) is None):
        return True
    return _PROMISED.search(before) is not None or (
        follows is not None and (len(follows.group()) > 1 or word_price(after) is None)
    )


def _is_within(before: str, after: str) -> bool:
    """Whether a blank has words on either side."""
    return len(_HAN.findall(before[-2:])) + len(_HAN.findall(after)) > 3


def _between(text: str) -> Iterator[Place]:
    for pattern, evidence in ((_MARKS, GapKind.MARKS), (_QUOTES, GapKind.QUOTES)):
        yield from (Place(m.end(), m.end(), evidence) for m in pattern.finditer(text))


def _joins(text: str) -> Iterator[Place]:
    """Where a word that joins has nothing to join: before a mark, or in the end of a heading."""
    for m in _JOINS.finditer(text):
        at_end = text[m.end() : m.end() + 1] in ("", "\n")
        line = text[max(0, m.start() - _HEADING) : m.start()].rpartition("\n")[2]
        inside = (text[m.start() - back : m.end()] for back in (1, 2))
        if (not at_end or _NUMBERED.match(line)) and all(word_price(word) is None for word in inside):
            yield Place(m.end(), m.end(), GapKind.JOINS)


def _open(text: str, least: float, also: str) -> Iterator[Place]:
    """Where 在…的 wants 同时 behind it: nothing in its clause closes it."""
    for m in _OPEN.finditer(text):
        clause = _CLAUSE.match(text, m.end())
        if clause is None or _CLOSED.search(clause.group()):
            continue
        for end in _BEHIND.finditer(text, m.end() + 3, min(clause.end(), m.end() + _FARTHEST) + 1):
            at = end.start()
            if (not also or text[at] in also) and _gain(text, at, clause.end()) > least:
                yield Place(at, at, GapKind.CLOSES)


def _gain(text: str, at: int, end: int) -> float:
    """log10 of how much better a clause reads with 同时 at a place."""
    before, after = START.extend(text[max(0, at - _REACH) : at]), text[at : min(end, at + _REACH)]
    return before.extend(_CLOSER + after).score - before.extend(after).score
