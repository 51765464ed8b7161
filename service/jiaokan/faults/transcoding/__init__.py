"""Transcoding: text that was written in one charset and read in another, whole or in part.

Read the package in this order: ``channels`` (the mistakes, and how each is taken back), ``suspicion`` (what shows at a
glance), ``whole`` (lines that are garbled from end to end), ``stretches`` (where in a line), ``candidates``,
``language`` and ``search`` (which of them), ``hyphens``, ``holes``, ``spellings``, ``losses`` and ``partial`` (what was
lost), ``about`` (text that speaks of mojibake); then ``leads``, ``alphabets`` and ``latin`` (text in alphabets),
``destroyed`` (what nobody can undo).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from jiaokan.edits import Span, apply
from jiaokan.faults.transcoding.about import is_example
from jiaokan.faults.transcoding.channels import Chain, explained, likewise
from jiaokan.faults.transcoding.destroyed import beside_residues, find_destroyed
from jiaokan.faults.transcoding.latin import Mended, find_mended, is_likelier, mend
from jiaokan.faults.transcoding.partial import with_losses
from jiaokan.faults.transcoding.search import undo
from jiaokan.faults.transcoding.stretches import trimmed
from jiaokan.faults.transcoding.suspicion import lines, others, pattern
from jiaokan.faults.transcoding.whole import CLEAR, CLEAR_IF_ALL, Undone, undo_as_others
from jiaokan.lexicon.glance import glance
from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.report import Consent, Fault, Finding

# log10 of the gain from which a line counts as garbled, and from which it is worth a word. With these, 3 places change
# in 41 million sound characters (bench/accuracy.py --harm).
LEAST_GAIN: Final = 6.0
LEAST_DOUBT: Final = 4.0
# log10 by which the best hypothesis has to be likelier than the next.
LEAST_MARGIN: Final = 1.0
# log10 of the gain of each character from which a line is hardly text in an alphabet.
BEYOND_DOUBT: Final = 0.8
# log10 of what a character of common Chinese costs at a glance; its average is 2.9.
COMMON: Final = -3.3
_HALF_HAN: Final = re.compile(f"[A-Za-z][{HAN_CLASS}]|[{HAN_CLASS}][A-Za-z]")
# The share of garbled characters from which a page counts as garbled everywhere.
ALL: Final = 0.8
# Characters of more than one byte in UTF-8 that bytes in another charset do not spell by chance.
PROVEN: Final = 4
# The share of characters that may be lost in what is undone all the same.
MOST_LOST: Final = 0.5


def find(text: str) -> list[Finding]:
    """What was read in the wrong charset in ``text``, in reading order.

    >>> [(f.edits[0].after, f.evidence) for f in find("標題：娴嬭瘯")]
    [('测试', 'read as GBK, was UTF-8')]
    """
    known: dict[Chain, None] = {}
    undone: dict[Span, Undone | None] = {}
    mended: dict[Span, Mended] = {}
    for span in lines(text):
        line = text[slice(*span)]
        best = _undone(line, known) if pattern().search(line) else None
        by_byte = None if best and _is_beyond_doubt(line, best) else mend(line)
        if by_byte and is_likelier(by_byte, best):
            mended[span], best = by_byte, None
        undone[span] = best
        if best and best.gain >= LEAST_GAIN:
            known |= dict.fromkeys(like for chain in best.chains for like in likewise(chain))
    if known:
        left = [*others(text, [span for span, best in undone.items() if best and best.gain >= LEAST_GAIN])]
        clear = CLEAR_IF_ALL if _is_all(undone, left) else CLEAR
        for span in left:
            best = undo_as_others(text[slice(*span)], known, LEAST_GAIN, clear)
            undone[span] = None if span in mended and is_likelier(mended[span], best) else best
    found = [*_of_lines(text, undone, mended)]
    return sorted((*found, *_apart(find_destroyed(text), found)), key=lambda finding: finding.span)


def _undone(line: str, known: Iterable[Chain]) -> Undone | None:
    """The best hypothesis about a line that is worth a word."""
    best = with_losses(line, undo(line, known), known)
    if not best or best.gain < LEAST_DOUBT:
        return None
    edits = beside_residues(line, best.edits)
    return best._replace(edits=edits) if edits else None


def _is_beyond_doubt(line: str, best: Undone) -> bool:
    """Whether a line need not be asked whether it is rather text in an alphabet: it is common Chinese, and no word of
    letters has Han in it."""
    undone = apply(line, best.edits)
    common = best.gain > BEYOND_DOUBT * len(line) and glance(undone) > COMMON * len(undone)
    return common and not _HALF_HAN.search(undone)


def _of_lines(text: str, undone: Mapping[Span, Undone | None], mended: Mapping[Span, Mended]) -> Iterator[Finding]:
    for span, best in sorted(undone.items()):
        if best:
            yield from _findings(text, span, best)
        elif span in mended:
            yield from find_mended(text, span, mended[span])


def _apart(findings: Iterable[Finding], others: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that stand where none of the others does, which are in reading order."""
    ends = [other.span.end for other in others]
    for finding in findings:
        behind = bisect_right(ends, finding.span.start)
        if behind == len(others) or others[behind].span.start >= finding.span.end:
            yield finding


def _is_all(undone: Mapping[Span, Undone | None], left: Iterable[Span]) -> bool:
    """Whether a page is garbled nearly everywhere, judged by its lines with a sign and those ``left``."""
    garbled = sum(span.end - span.start for span, best in undone.items() if best and best.gain >= LEAST_GAIN)
    return garbled > ALL * sum(span.end - span.start for span in {*undone, *left})


def _findings(text: str, line: Span, undone: Undone) -> Iterator[Finding]:
    consent = _consent(text, text[slice(*line)], undone)
    odds = min(undone.gain - LEAST_DOUBT, undone.margin)
    confidence = 1 / (1 + 10 ** -min(odds, 9.0))
    for edit in undone.edits:
        made = trimmed(line.start + edit.start, edit.before, edit.after)
        if made:
            yield Finding(Fault.TRANSCODING, (made,), consent, round(confidence, 4), _evidence(undone))


def _evidence(undone: Undone) -> str:
    """How a line came, and what of it could not be taken from its bytes."""
    counts = ((undone.filled, "filled in"), (undone.lost, "lost"))
    told = ", ".join(f"{count} character{'s' * (count > 1)} {what}" for count, what in counts if count)
    return "; ".join(filter(None, (explained(undone.chains[0]), told)))


def _consent(text: str, line: str, undone: Undone) -> Consent:
    if undone.lost > MOST_LOST * sum(len(edit.after) for edit in undone.edits):
        return Consent.SUGGESTED
    if undone.gain < LEAST_GAIN or undone.margin < LEAST_MARGIN or is_example(text, line, undone.edits):
        return Consent.SUGGESTED
    multibyte = sum(not char.isascii() for edit in undone.edits for char in edit.after)
    proven = undone.chains[0][-1].written.proves and multibyte >= PROVEN
    return Consent.CERTAIN if proven and not undone.filled else Consent.PROBABLE
