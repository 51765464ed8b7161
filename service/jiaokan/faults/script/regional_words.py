"""Words of Taiwan and Hong Kong replaced by those of the mainland: 软体 by 软件, 滑鼠 by 鼠标.

Half of them are words of the mainland as well, in another sense (文件, 程序, 支援), and some are only parts of what
stands there. So the text has to read better with the other word, and by the more the commoner the word is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from jiaokan.edits import Edit, Span, apply
from jiaokan.faults.script.ambiguous import clauses_with
from jiaokan.lexicon import START
from jiaokan.lexicon.model import REACH, word_price
from jiaokan.lexicon.wordlists import mainland_words, regional_words
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

# How sure a replacement is. (Of OpenCC's 63 cases of tw2sp and hk2sp 55 come out as OpenCC has them.)
BY_WORD: Final = 0.9
# Words of the model that are commoner than this, log10, are the mainland's own: 资讯 -4.5, 软体 -4.7, 伺服器 -5.0.
OWN: Final = -4.7
# So much better, log10, the text has to read for each unit of log10 that a word is commoner than that.
LEAD: Final = 1.5
# The same on a page with so many different words that are not the mainland's own: it comes from there.
AMONG: Final = 2
LEAD_AMONG: Final = 0.0
# Terms of three characters that are no commoner than this are taken as they are: 红血球 -5.6, not 狮子山 -5.5.
RARE: Final = -5.55
# Terms of so many characters are taken as they are: hardly any is part of something else.
LONG: Final = 4
# General words of the mainland that the lists take for terms: 区域性合作 is not 局部合作.
GENERAL: Final = frozenset({"区域性", "稽核", "冷盘"})


class Word(NamedTuple):
    """A word of the regions at ``start`` of a simplified text, and the mainland's."""

    start: int
    word: str
    other: str

    @property
    def span(self) -> Span:
        """Where the word stands."""
        return Span(self.start, self.start + len(self.word))


def find(text: str) -> Iterator[Word]:
    """The words to replace in a simplified text, in reading order.

    >>> [(word, other) for _, word, other in find("请安装新的软体，再打开文件。软体动物没有脊椎。")]
    [('软体', '软件')]
    """
    found = [Word(place.start(), place.group(), mainland_words()[place.group()]) for place in _places(text)]
    foreign = {word.word for word in found if (word_price(word.word) or RARE) < OWN}
    lead = LEAD_AMONG if len(foreign) >= AMONG else LEAD
    for word in found:
        if word.other != word.word and word.word not in GENERAL and _reads_better(text, word, lead):
            yield word


def with_words(page: str, found: list[Finding], *, everywhere: bool) -> list[Finding]:
    """The findings that simplify a page, with words of the mainland in place of those of the regions: ``everywhere``,
    or only in clauses that have something to simplify."""
    made = [finding.edits[0] for finding in found if finding.consent is not Consent.SUGGESTED]
    words = list(find(apply(page, made)))
    if not everywhere:
        clauses = clauses_with(page, (edit.start for edit in made))
        words = [word for word in words if clauses.overlaps(word.span)]
    if not words:
        return found
    taken = Spans(word.span for word in words)
    kept = [part for finding in found for part in _outside(finding, taken)]
    return sorted([*kept, *(_finding(page, word) for word in words)], key=attrgetter("span"))


def _places(text: str) -> Iterator[re.Match[str]]:
    return regional_words().finditer(text)


def _reads_better(text: str, found: Word, lead: float) -> bool:
    start, word, other = found
    price = word_price(word)
    if len(word) >= LONG or (len(word) > 2 and (price or RARE) <= RARE):
        return True
    before = START.extend(text[max(0, start - REACH) : start])
    after = text[start + len(word) : start + len(word) + REACH]
    gain = before.extend(other + after).score - before.extend(word + after).score
    return gain > lead * max(0.0, (price or OWN) - OWN)


def _outside(finding: Finding, taken: Spans) -> Iterator[Finding]:
    """What of a finding lies in none of the spans."""
    (edit,) = finding.edits
    for start, end in taken.parts_outside(edit.span):
        part = slice(start - edit.start, end - edit.start)
        yield finding._replace(edits=(Edit.at(start, edit.before[part], edit.after[part]),))


def _finding(page: str, word: Word) -> Finding:
    before = page[slice(*word.span)]
    why = f"{before} is a word of Taiwan or Hong Kong, {word.other} on the mainland"
    return Finding(Fault.SCRIPT, (Edit.at(word.start, before, word.other),), Consent.PROBABLE, BY_WORD, why)
