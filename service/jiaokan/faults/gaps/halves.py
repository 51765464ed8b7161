"""Half a word, after a filter deleted the other half: 催收问 for 催收问题.

A character that is a word in its own right stays, unless the text reads far better with the whole word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from jiaokan.faults.gaps.fills import DroppedWords, Pool
from jiaokan.lexicon.model import START, word_price
from jiaokan.lexicon.variants import simplify

# log10 by which the whole word has to read better than its half. Of 2,112 times that 问 stood by itself in 3.2 million
# clean characters, three came to more than 2.0 (2.05), seven to more than 1.5; of 2,276 times 问题 with 题 cut off,
# 40 % to more than 2.5 and 71 % to more than 1.5.
SURE: Final = 2.3
DOUBTFUL: Final = 1.5
# The same within so many characters of a sure one, where a filter was at work: there 99 in a hundred were cut.
SURE_BESIDE: Final = 1.0
_BESIDE: Final = 5000
# What it adds, where a filter was at work, that the same half follows the same word elsewhere: by itself that says
# nothing, 子张问 and 樊迟问 recur in the Analects because these people ask. And what it adds that the whole word is
# there as well, which a filter that misses some leaves.
_RECURS: Final = 2.3
_WHOLE_ELSEWHERE: Final = 0.2
# Where it is as likely as not that a word was cut.
_EVEN: Final = 0.5
# A word may be broken at the end of a line, and go on behind so many blanks at most.
_BROKEN: Final = re.compile(r"\s*\n\s*")
_INDENT: Final = 40
# Characters to either side that are looked at; with four or twelve none of the 2,112 comes to the other side of 1.0.
_REACH: Final = 6


class HalfWord(NamedTuple):
    """Half a word.

    Attributes:
        at: where the other half is missing.
        rest: the half that is there.
        whole: the word.
        missing: the half that is missing.
        score: log10 of how much better the whole word reads, with what the rest of the page adds.
        recurs: whether the page or the batch has the same elsewhere.
        sure: whether it was cut, as far as can be known.
    """

    at: int
    rest: str
    whole: str
    missing: str
    score: float
    recurs: bool
    sure: bool

    @property
    def confidence(self) -> float:
        """How probable it is that the word was cut."""
        return round(1 / (1 + 10 ** (_EVEN - self.score)), 3)


def find_half_words(text: str, known: DroppedWords, pool: Pool) -> list[HalfWord]:
    """The halves of words in a text that read better whole, in reading order.

    >>> [cut.whole for cut in find_half_words("能够找到解决问的方案。请问，他问过吗？", DroppedWords.shipped(), Pool())]
    ['问题']
    """
    met = [*_met(text, known)]
    if not met:
        return []
    met_behind = Counter(_context(text, at, rest) for at, rest, _, _ in met)
    elsewhere = {whole for whole in {whole for _, _, whole, _ in met} if whole in text}
    alone = [gain + _WHOLE_ELSEWHERE * (whole in elsewhere) for _, _, whole, gain in met]
    sure = [at for (at, *_), score in zip(met, alone, strict=True) if score >= SURE]
    found = []
    for (at, rest, whole, _), score in zip(met, alone, strict=True):
        context = _context(text, at, rest)
        recurs = context is not None and max(met_behind[context], pool.contexts.get(context, 0)) > 1
        beside = pool.sure > 0 or bisect_left(sure, at - _BESIDE) < bisect_right(sure, at + _BESIDE)
        full = score + _RECURS * (recurs and beside)
        where = at + len(rest) if whole.startswith(rest) else at
        is_sure = full >= (SURE_BESIDE if beside else SURE)
        found.append(HalfWord(where, rest, whole, whole.replace(rest, "", 1), full, recurs, is_sure))
    return found


def contexts(text: str, known: DroppedWords) -> Counter[str]:
    """What stands before each half of a word, with the half: what the pages of a batch tell one another.

    >>> contexts("催收问也日益凸显，而催收问的现状不明", DroppedWords.shipped())
    Counter({'催收问': 2})
    """
    met = _met(text, known)
    return Counter(filter(None, (_context(text, at, rest) for at, rest, _, _ in met)))


def _met(text: str, known: DroppedWords) -> Iterator[tuple[int, str, str, float]]:
    """Each half that stands by itself and reads better whole: where, the half, the word, and by how much."""
    for m in known.half.finditer(text):
        rest, at = m.group(), m.start()
        whole = known.halves[rest]
        if not _is_in_word(text, at, m.end(), whole) and not _ASKS.match(text, m.end()):
            gain = _gain(text, at, rest, whole)
            if gain > 0.0:
                yield at, rest, whole, gain


def _is_in_word(text: str, start: int, end: int, whole: str) -> bool:
    """Whether a half is part of the whole word, which may go on in the next line, or of another."""
    begins = start - whole.index(text[start:end])
    if text.startswith(whole, max(0, begins)) or _BROKEN.sub("", text[begins : end + _INDENT]).startswith(whole):
        return True
    with_behind, with_next = simplify(text[start - 1 : end] if start else ""), simplify(text[start : end + 1])
    return word_price(with_behind) is not None or (end < len(text) and word_price(with_next) is not None)


def _gain(text: str, at: int, rest: str, whole: str) -> float:
    before = START.extend(text[max(0, at - _REACH) : at])
    after = text[at + len(rest) : at + len(rest) + _REACH].partition("\n")[0]
    return before.extend(whole + after).score - before.extend(rest + after).score


def _context(text: str, at: int, rest: str) -> str | None:
    """The word of two characters before a half, with it."""
    before = simplify(text[max(0, at - 2) : at])
    return before + simplify(rest) if len(before) == 2 and word_price(before) is not None else None


# What follows 问 where somebody asks, and hardly ever 问题.
_ASKS: Final = re.compile(
    "能|是否|是不是|有没|有無|有无|什[么麼]|甚麼|怎|[为為](?:什|何)|哪|[几幾]|多少|[谁誰]|何|[一两兩]?[下声聲句遍]"
    "|[时時起及到道清明过過了着著个個完好曰]|[我你他她它您咱][们們]?|[这這那]|[：“「]"
)
