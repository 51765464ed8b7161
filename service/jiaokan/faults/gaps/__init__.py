"""Gaps: words that a filter deleted from a page.

That a word is missing is known from what it left behind: half a word (``halves``), or a place that nobody writes so
(``places``). Which word it was is for the language model to say, and for the other gaps of the page (``fills``). Only
the halves of words are ever completed; everything else is shown with the words that may have stood there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.gaps.fills import DroppedWords, Pool, rank_fills
from jiaokan.faults.gaps.halves import DOUBTFUL, HalfWord, contexts, find_half_words
from jiaokan.faults.gaps.places import GapKind, Place, places, weak_places
from jiaokan.lexicon.scripts import count_scripts
from jiaokan.lexicon.variants import convert, simplify
from jiaokan.report import Consent, Fault, Fill, Finding

__all__ = ["DroppedWords", "Pool", "find", "observe_gaps"]

# A filter was at work where one half of a word is sure, or so many places show a gap.
_FILTERED: Final = 2
# Gaps of a text for which words are looked for; each takes a hundredth of a second. The rest is only marked.
_MOST_RANKED: Final = 100
# On other pages these are mostly slips of the pen, so that no word is looked for.
_SLIGHT: Final = (GapKind.MARKS, GapKind.QUOTES)


def find(text: str, known: DroppedWords | None = None, pool: Pool | None = None) -> list[Finding]:
    """The gaps of a text, in reading order, each with the words that fit best.

    ``known`` are the words that filters drop, by default those that are known here; ``pool`` is what the other pages of
    a batch have shown.

    >>> [(f.edits[0].after, f.consent.value) for f in find("这也是一个重要问。过度催收，通常采用 催收。")]
    [('题', 'probable'), ('电话', 'suggested')]
    """
    known, pool = known or DroppedWords.shipped(), pool or Pool()
    cuts, met = find_half_words(text, known, pool), places(text)
    if any(cut.sure for cut in cuts) or sum(place.evidence not in _SLIGHT for place in met) >= _FILTERED:
        asked = sorted([*met, *weak_places(text, met)], key=itemgetter(0, 1))[:_MOST_RANKED]
    else:
        cuts = [cut for cut in cuts if cut.score >= DOUBTFUL]
        asked = [place for place in met if place.evidence not in _SLIGHT]
    completed = [*map(_completed, cuts)]
    filled = _filled(text, asked, known, pool.with_words(cut.missing for cut in cuts if cut.sure))
    others = (*filled, *map(_marked, sorted({*met}.difference(asked), key=itemgetter(0, 1))))
    taken = {finding.span for finding in completed}
    return sorted((*completed, *(each for each in others if each.span not in taken)), key=lambda each: each.span)


def observe_gaps(text: str, known: DroppedWords) -> Pool:
    """What the gaps of one page show, for the other pages of its batch.

    >>> observe_gaps("催收问也日益凸显", DroppedWords.shipped()).contexts["催收问"]
    1
    """
    expected: dict[str, float] = defaultdict(float)
    for finding in find(text, known):
        for fill in finding.fills:
            expected[simplify(fill.text)] += fill.confidence
    sure = sum(cut.sure for cut in find_half_words(text, known, Pool()))
    return Pool(expected, contexts(text, known), sure)


def _completed(cut: HalfWord) -> Finding:
    """Half a word, completed."""
    why = f"{cut.missing} inserted, not in the source: {cut.rest} stands for {cut.whole}"
    if cut.recurs:
        why += ", as elsewhere"
    consent = Consent.PROBABLE if cut.sure else Consent.SUGGESTED
    edit = Edit.at(cut.at, "", cut.missing)
    return Finding(Fault.GAPS, (edit,), consent, cut.confidence, why, (Fill(cut.missing, cut.confidence),))


def _marked(place: Place) -> Finding:
    """A place where a word may be missing, and nobody knows which."""
    why = f"a word may be missing: {place.evidence.value}"
    edit = Edit.at(place.start, "", "")
    return Finding(Fault.GAPS, (edit,), Consent.SUGGESTED, place.evidence.precision, why)


def _filled(text: str, found: Sequence[Place], known: DroppedWords, pool: Pool) -> Iterator[Finding]:
    """Places where a word is missing, with the words that fit best."""
    if not found:
        return
    is_traditional = count_scripts(text).share > 1 / 2
    for place, fills in zip(found, rank_fills(text, found, known, pool), strict=True):
        if is_traditional:
            fills = tuple(fill._replace(text=convert(fill.text, "s2t")) for fill in fills)
        edit = Edit.at(place.start, text[place.start : place.end], fills[0].text)
        words = ", ".join(f"{fill.text} {fill.confidence:.2f}" for fill in fills)
        why = f"a word is missing, not in the source: {place.evidence.value}; {words}"
        yield Finding(Fault.GAPS, (edit,), Consent.SUGGESTED, fills[0].confidence, why, fills)
