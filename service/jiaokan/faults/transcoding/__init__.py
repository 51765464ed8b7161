"""Transcoding: text that was written in one charset and read in another, whole or in part.

Read the package in this order: ``channels`` (the mistakes, and how each is taken back), ``signs`` (what shows at a
glance), ``stretches`` (where in a line), ``hypotheses`` (what it was, whole lines first), ``acceptance`` (when that is
believed), ``lost_bytes`` and ``lossy_lines`` (what was lost on the way); then ``latin`` (text in
alphabets), ``destroyed`` (what nobody can undo).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Final

from jiaokan.edits import Span, apply
from jiaokan.faults.transcoding.acceptance import is_example
from jiaokan.faults.transcoding.channels import Chain, explained, likewise
from jiaokan.faults.transcoding.destroyed import beside_residues, find_destroyed
from jiaokan.faults.transcoding.hypotheses import (
    CLEAR,
    CLEAR_IF_ALL,
    Hypothesis,
    best_decoding,
    decode_lines,
    price,
    search_channels,
)
from jiaokan.faults.transcoding.latin import AlphabetFix, find_mended, fix_alphabet, is_likelier
from jiaokan.faults.transcoding.lossy_lines import with_losses
from jiaokan.faults.transcoding.signs import lines, others, pattern
from jiaokan.faults.transcoding.stretches import trimmed
from jiaokan.lexicon.hanzi import HAN_CLASS
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

# log10 of the gain from which a line counts as garbled, and from which it is worth a word. With these, 3 places change
# in 41 million sound characters (bench harm).
LEAST_GAIN: Final = 6.0
LEAST_DOUBT: Final = 4.0
# log10 by which the best hypothesis has to be likelier than the next.
LEAST_MARGIN: Final = 1.0
# log10 of the gain of each character from which a line is hardly text in an alphabet.
BEYOND_DOUBT: Final = 0.8
# log10 of what a character of common Chinese costs at a glance; its average is 2.9.
COMMON: Final = -3.3
# The share of Han characters with a Latin letter beside them from which a line may be words with Han in them: caf茅.
# With it, none of 704,774 readings as Han of 51,477 words and lines of 26 languages in alphabets is beyond doubt.
MOST_HALF: Final = 0.18
_ASCII: Final = re.compile("[\x00-\x7f]+")
_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_HALF_HAN: Final = re.compile(f"[A-Za-z](?:(?=[{HAN_CLASS}])|(?<=[{HAN_CLASS}].))")
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
    undone: dict[Span, Hypothesis | None] = {}
    mended: dict[Span, AlphabetFix] = {}
    spans = [*lines(text)]
    shown = [text[slice(*span)] for span in spans]
    known: dict[Chain, list[str | None]] = {}  # the chains that garbled lines so far, and what the others were by them
    for number, (span, line) in enumerate(zip(spans, shown, strict=True)):
        whole = best_decoding(line, [(chain, by_it[number]) for chain, by_it in known.items()])
        best = _undone(line, whole, known) if pattern().search(line) else None
        by_byte = None if best and _is_beyond_doubt(line, best) else fix_alphabet(line)
        if by_byte and is_likelier(by_byte, best):
            mended[span], best = by_byte, None
        undone[span] = best
        if best and best is not whole and best.gain >= LEAST_GAIN:
            for like in dict.fromkeys(like for way in best.chains for like in likewise(way)):
                if like not in known:
                    known[like] = [*repeat(None, number + 1), *decode_lines(shown[number + 1 :], like)]
    if known:
        undone |= _as_others(text, undone, mended, known)
    found = [*_of_lines(text, undone, mended)]
    destroyed = [*find_destroyed(text)]
    if not destroyed:
        return found
    taken = Spans(finding.span for finding in found)
    others = (finding for finding in destroyed if not taken.overlaps(finding.span))
    return sorted((*found, *others), key=lambda finding: finding.span)


def _as_others(
    text: str, undone: Mapping[Span, Hypothesis | None], mended: Mapping[Span, AlphabetFix], known: Iterable[Chain]
) -> dict[Span, Hypothesis | None]:
    """The lines that show no sign or too little, by the chains that garbled others of their page."""
    left = [*others(text, {span for span, best in undone.items() if best and best.gain >= LEAST_GAIN})]
    shown = [text[slice(*span)] for span in left]
    clear = CLEAR_IF_ALL if _is_all(undone, left) else CLEAR
    by_chain = [(chain, decode_lines(shown, chain)) for chain in known]
    found = dict[Span, Hypothesis | None]()
    for number, (span, line) in enumerate(zip(left, shown, strict=True)):
        best = best_decoding(line, [(chain, by_it[number]) for chain, by_it in by_chain], LEAST_GAIN, clear)
        found[span] = None if span in mended and is_likelier(mended[span], best) else best
    return found


def _undone(line: str, whole: Hypothesis | None, known: Iterable[Chain]) -> Hypothesis | None:
    """The best hypothesis about a line that is worth a word; ``whole`` is how it would be undone as others were."""
    best = with_losses(line, whole or search_channels(line, known), known)
    if not best or best.gain < LEAST_DOUBT:
        return None
    edits = beside_residues(line, best.edits)
    if not edits:
        return None
    return best if edits is best.edits else best._replace(edits=edits)


def _is_beyond_doubt(line: str, best: Hypothesis) -> bool:
    """Whether a line need not be asked whether it is rather text in an alphabet: it is common Chinese, and if there
    are letters beside Han characters, few are, and it is so without the letters."""
    if best.gain <= BEYOND_DOUBT * len(line):
        return False
    undone = apply(line, best.edits)
    half = len(_HALF_HAN.findall(undone))
    if half:
        if half > MOST_HALF * len(_HAN.findall(undone)):
            return False
        undone = _ASCII.sub("", undone)
    return price(undone) > COMMON * len(undone)


def _of_lines(
    text: str, undone: Mapping[Span, Hypothesis | None], mended: Mapping[Span, AlphabetFix]
) -> Iterator[Finding]:
    for span, best in sorted(undone.items()):
        if best:
            yield from _findings(text, span, best)
        elif span in mended:
            yield from find_mended(text, span, mended[span])


def _is_all(undone: Mapping[Span, Hypothesis | None], left: Iterable[Span]) -> bool:
    """Whether a page is garbled nearly everywhere, judged by its lines with a sign and those ``left``."""
    garbled = sum(span.end - span.start for span, best in undone.items() if best and best.gain >= LEAST_GAIN)
    return garbled > ALL * sum(span.end - span.start for span in {*undone, *left})


def _findings(text: str, line: Span, undone: Hypothesis) -> Iterator[Finding]:
    consent = _consent(text, text[slice(*line)], undone)
    odds = min(undone.gain - LEAST_DOUBT, undone.margin)
    confidence = round(1 / (1 + 10 ** -min(odds, 9.0)), 4)
    evidence = _evidence(undone)
    for start, before, after in undone.edits:
        made = trimmed(line.start + start, before, after)
        if made:
            yield Finding(Fault.TRANSCODING, (made,), consent, confidence, evidence)


def _evidence(undone: Hypothesis) -> str:
    """How a line came, and what of it could not be taken from its bytes."""
    counts = ((undone.filled, "filled in"), (undone.lost, "lost"))
    told = [f"{count} character{'s' * (count > 1)} {what}" for count, what in counts if count]
    return "; ".join([explained(undone.chains[0]), *([", ".join(told)] if told else ())])


def _consent(text: str, line: str, undone: Hypothesis) -> Consent:
    if undone.lost and undone.lost > MOST_LOST * sum(len(edit.after) for edit in undone.edits):
        return Consent.SUGGESTED
    if undone.gain < LEAST_GAIN or undone.margin < LEAST_MARGIN or is_example(text, line, undone.edits):
        return Consent.SUGGESTED
    if not undone.chains[0][-1].written.proves or undone.filled:
        return Consent.PROBABLE
    multibyte = sum(len(edit.after) - len(edit.after.encode("ascii", "ignore")) for edit in undone.edits)
    return Consent.CERTAIN if multibyte >= PROVEN else Consent.PROBABLE
