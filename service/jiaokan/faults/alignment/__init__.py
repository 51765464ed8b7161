"""The byte-blind replacement, undone: text cut open between bytes and read out of step is put back in step.

A replacement that knows bytes and not characters put ``(reading)`` behind every occurrence of the two bytes of a
character, also where they were the trail byte of one character and the lead byte of the next. The byte after the cut
lost its partner, and what follows was decoded one byte out of step until something put it back. The same happened at
the bytes of a punctuation mark, before which control characters were put.

``page`` gathers what a page shows of its history, ``search`` finds what the bytes can have been, and this file
decides where to look and what to say. Its rules: nothing outside a span that was read out of step is touched; a
reading that stands at a character boundary is left to ``annotation``; a restoration that does not read clearly
better than the page is not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.alignment.channel import Budget
from jiaokan.faults.alignment.search import Realignment, realign
from jiaokan.faults.alignment.traces import Page
from jiaokan.lexicon.pinyin import has_tone
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

# What a restoration must gain over the page as it stands, log10 of probability. A reading with its front eaten is
# evidence by itself, one that does not fit its character a little less; a question mark before a mark of
# punctuation is none, and clean pages are full of them.
GAIN_AT_EATEN_READING: Final = 2.0
GAIN_AT_WHOLE_READING: Final = 4.0
GAIN_AT_LOST_MARK: Final = 6.0
# On a page that was cut open elsewhere a smaller gain at a lost mark is worth reporting, not more.
GAIN_AMID_DAMAGE: Final = 2.0

# The margin over the second-best restoration, log10. With all restorations of the bench applied (2,000 documents, seeds
# 21 and 41), 94 % of 545 with at least this margin were right, 71 % of 112 from 1.0 to 1.5, 25 % of 410 below.
MARGIN: Final = 1.5

# Hypotheses that may be weighed for a text, and for each of its characters more. The seeds take 8 to 1,250, half of the
# documents that the bench cuts open 430 and one in a hundred 10,000; text made of nothing but cuts, which no page is,
# would take a hundred times that.
EFFORT: Final = 10_000
EFFORT_PER_CHARACTER: Final = 4

_ABOUT_GARBLED_TEXT: Final = re.compile(
    "[乱亂][码碼]|mojibake|GBK|GB ?2312|GB ?18030|Big5|Unicode|UTF-?8", re.IGNORECASE
)
# How much of its line is looked at to see whether a stretch is spoken of.
NEAR: Final = 100
# How sure it is that garbled text which the line itself speaks of is to be repaired.
DOUBTFUL: Final = 0.5


def find(text: str) -> list[Finding]:
    """Every place where the text can be put back in step, and those where it is cut open and cannot.

    >>> [finding] = find("及貸當?shù)厣祥T催收")
    >>> finding.edits[0].before, finding.edits[0].after
    ('?shù)厣祥T', '地上門')
    """
    page = Page.read(text)
    effort = Budget(EFFORT + EFFORT_PER_CHARACTER * len(text))
    found: list[Finding] = []
    done = 0
    for at, gain in _places(page):
        if at < done:
            continue
        restored = realign(page, at, effort)
        if restored and (restored.gain >= gain or (page.is_cut_open and restored.gain >= GAIN_AMID_DAMAGE)):
            found += _findings(page, restored, sure=restored.gain >= gain)
            done = restored.end
        elif gain == GAIN_AT_EATEN_READING:
            found.append(_residue(page, at))
            done = page.marks[at].end
    taken = Spans(finding.span for finding in found)
    found += (_blank(page, at) for at in page.blanks if not taken.covers(at))
    return sorted(found, key=lambda finding: finding.span)


def _places(page: Page) -> Iterator[tuple[int, float]]:
    """Where the text may be cut open, in reading order, and the gain a restoration must have there."""
    places = dict.fromkeys((*page.lost, *page.cuts), GAIN_AT_LOST_MARK)
    places.update(dict.fromkeys(page.doubled, GAIN_AT_WHOLE_READING))
    for at, mark in page.marks.items():
        if not mark.whole and (has_tone(mark.reading) or not page.text[at - 1 : at].isascii()):  # not (?ai) in code
            places[at] = GAIN_AT_EATEN_READING
        elif mark.whole and page.is_out_of_place(mark):
            places[at] = GAIN_AT_WHOLE_READING
    yield from sorted(places.items())


def _findings(page: Page, restored: Realignment, sure: bool) -> Iterator[Finding]:
    """One finding for each stretch that was out of step; doubts only if it is not ``sure`` that something was."""
    for stretch in restored.stretches:
        edit = Edit.at(stretch.start, page.text[stretch.start : stretch.end], stretch.text)
        evidence = _evidence(edit, stretch.hits)
        if _is_example(page.text, stretch.start):
            yield Finding(Fault.ALIGNMENT, (edit,), Consent.SUGGESTED, DOUBTFUL, f"{evidence}; here it is an example")
        else:
            consent, confidence = _trust(restored) if sure else (Consent.SUGGESTED, DOUBTFUL)
            if consent is Consent.SUGGESTED and restored.alternatives:
                evidence += f"; or {' or '.join(map(repr, restored.alternatives))}"
            yield Finding(Fault.ALIGNMENT, (edit,), consent, confidence, evidence)


def _is_example(text: str, at: int) -> bool:
    """Whether the line speaks of garbled text and may well quote it."""
    before, after = text[max(0, at - NEAR) : at], text[at : at + NEAR]
    line = before[before.rfind("\n") + 1 :] + after.partition("\n")[0]
    return _ABOUT_GARBLED_TEXT.search(line) is not None


def _trust(restored: Realignment) -> tuple[Consent, float]:
    if restored.only:
        return Consent.CERTAIN, restored.confidence
    consent = Consent.PROBABLE if restored.margin >= MARGIN else Consent.SUGGESTED
    return consent, restored.confidence


def _evidence(edit: Edit, hits: str) -> str:
    shown = edit.before.replace("\n", "↵")
    if hits:
        return f"the bytes of {'、'.join(hits)} were hit between characters; {shown!r} was read out of step"
    return f"a mark of punctuation was hit between characters; {shown!r} was read out of step"


def _blank(page: Page, at: int) -> Finding:
    """A blank before a mark that control characters left."""
    consent = Consent.PROBABLE if page.has_rule else Consent.SUGGESTED
    mark = page.text[at + 1]
    why = f"control characters were put before {mark} and became a blank, as before all but few marks of this page"
    return Finding(Fault.ALIGNMENT, (Edit.at(at, " ", ""),), consent, round(1 - 0.5**page.ruled, 3), why)


def _residue(page: Page, at: int) -> Finding:
    cut = page.text[at : page.marks[at].end]
    why = f"{cut!r} is a reading put between two bytes; what stood here could not be restored"
    return Finding(Fault.ALIGNMENT, (Edit.at(at, cut, cut),), Consent.SUGGESTED, 0.0, why)
