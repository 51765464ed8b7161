"""Repair: find, select, apply, compose, sweep after sweep, until a sweep finds nothing to apply.

Rules of this file: a fault only proposes; what is applied is chosen here, by consent; everything that is applied
is kept as a round, and the edits of the whole are the composition of the rounds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache, partial
from itertools import accumulate, chain
from typing import Final

from jiaokan.charset.source import Source
from jiaokan.edits import Edit, Span, apply
from jiaokan.faults import alignment, annotation, codepoints, gaps, transcoding
from jiaokan.faults import script as scripts
from jiaokan.faults.gaps import Pool as Pool
from jiaokan.options import ConsentName as ConsentName
from jiaokan.options import Options
from jiaokan.options import Punctuation as Punctuation
from jiaokan.options import Script as Script
from jiaokan.report import Consent, Fault, Finding, Repair, Round, at_source
from jiaokan.screen import may_have, may_have_any, no_text
from jiaokan.spans import Spans

# What finds a fault in a text, given what was found in it before, applied or not: in reading order, and of findings
# that begin together the surest first.
Finder = Callable[[str, Sequence[Finding]], Sequence[Finding]]

# Lists of dropped words whose gaps are kept ready: a batch or a service has one or two. Of the longest list that is
# allowed, 2,000 words, this takes 1 MB.
_MOST_REMEMBERED: Final = 4
# A sweep can bring to light what an earlier fault of the same sweep needed to see; each layer of damage takes one
# sweep. Deeper nesting than this was not met; a text that needs more is left as the last sweep made it.
_MOST_SWEEPS: Final = 16


def repair(
    source: str | bytes,
    *,
    script: Script = "simplified",
    punctuation: Punctuation = "keep",
    charset: str | None = None,
    consent: ConsentName = "probable",
    skip: Iterable[str] = (),
    dropped_words: Iterable[str] = (),
    pool: Pool | None = None,
) -> Repair:
    """The repair of one document.

    Args:
        source: text, or bytes in any charset.
        script: ``"simplified"`` converts traditional characters, ``"simplified-cn"`` words of Taiwan and Hong Kong
            as well (軟體 to 软件), ``"keep"`` leaves the script alone and only says what strays from it.
        punctuation: ``"fullwidth"`` makes ASCII marks between Han characters fullwidth, ``"keep"`` leaves them.
        charset: the declared charset of ``source`` if it is bytes: a hint, used where it fits.
        consent: the lowest level of finding that is applied; the rest become doubts.
        skip: names of faults (``Fault``) that are not looked for.
        dropped_words: words that a filter is known to have deleted from the text, beside those that are known here.
        pool: what the gaps of all documents of a batch have shown (``pooled``).

    >>> result = repair("現(xiàn)代金融")
    >>> result.text
    '现代金融'
    >>> [change.evidence for change in result.changes][1]
    '“(xiàn)” was put behind 現, one of its readings'

    Raises:
        TypeError: ``source`` is neither ``str`` nor ``bytes``.
        ValueError: an option has a value that is not listed.
    """
    options = Options.of(script, punctuation, consent, skip, dropped_words)
    read = Source.read(source, charset)
    text, rounds, doubts = _run_sweeps(read.text, partial(_finders, options, pool), options)
    return Repair(read, text, tuple(rounds), at_source(doubts, rounds))


def repair_if_clean(
    source: str | bytes, *, punctuation: Punctuation = "keep", charset: str | None = None
) -> Repair | None:
    """What ``repair`` returns, for text and UTF-8 in which the screen sees nothing; ``None`` for all else.

    It takes no longer than reading and one search, and holds for every option but ``dropped_words``.

    >>> repair_if_clean("现代金融").text, repair_if_clean("現代金融")
    ('现代金融', None)
    """
    if isinstance(source, bytes) and source.decode("utf-8", "ignore").encode() != source:
        return None
    read = Source.read(source, charset)
    suspected = read.charset not in (None, "utf-8") or may_have_any(read.text, punctuation)
    return None if suspected else Repair(read, read.text, (), ())


def pooled(
    sources: Iterable[str | bytes],
    *,
    charset: str | None = None,
    skip: Iterable[str] = (),
    dropped_words: Iterable[str] = (),
) -> Pool:
    """What the gaps of documents from one place show together; arguments as for ``repair``.

    >>> pool = pooled(["随之而来的催收问也日益突出。", "催收问依然突出。", "能够找到解决问的方案。"])
    >>> repair("催收问依然突出。", pool=pool).text
    '催收问题依然突出。'

    Raises:
        TypeError, ValueError: as ``repair``.
    """
    options, total = Options.of("keep", skip=skip, dropped_words=dropped_words), Pool()
    known, finders = _known(options.dropped_words), _finders(options, None)
    for source in sources:
        last = [Pool()]

        def note(text: str, _: Sequence[Finding], last: list[Pool] = last) -> Sequence[Finding]:
            last[:] = [gaps.observe_gaps(text, known)]
            return ()

        if Fault.GAPS in finders:
            noting = partial(dict[Fault, Finder], {**finders, Fault.GAPS: note})
            _run_sweeps(Source.read(source, charset).text, noting, options, {Fault.GAPS})
        total |= last[0]
    return total


def _run_sweeps(
    text: str, make: Callable[[], Mapping[Fault, Finder]], options: Options, asked: Set[Fault] = frozenset()
) -> tuple[str, list[Round], list[Finding]]:
    """The text after the sweeps, with what was applied and what was left; the screen is not asked about ``asked``, nor
    about gaps where a user names words that the screen does not know. The finders are made if there is a suspicion."""
    always = asked | {Fault.GAPS} if options.dropped_words else asked
    punctuation, least = options.punctuation, options.consent
    rounds, doubts = list[Round](), list[Finding]()
    if not always and not may_have_any(text, punctuation):
        return text, [], []
    if binary := no_text(text):
        return text, [], [binary]
    finders = make()
    faults = tuple(finders)
    for _ in range(_MOST_SWEEPS):
        applied = len(rounds)
        for number, fault in enumerate(faults):
            if fault not in always and not may_have(text, fault, punctuation):
                continue
            found = finders[fault](text, [*chain.from_iterable(r.findings for r in rounds), *doubts])
            earlier = [doubt for doubt in doubts if doubt.fault in faults[:number]]
            agreed = {finding.edits for finding in found} if earlier else ()  # by two faults: that is decided
            # What an earlier fault found and could not decide is left alone: it is evidence as it stands.
            undecided = [doubt.span for doubt in earlier if doubt.edits not in agreed]
            chosen, left = _select(_drop_overlapping(found, undecided), least)
            doubts = _drop_overlapping(doubts, (finding.span for finding in left)) + left
            if chosen:
                rounds.append(Round(fault, chosen))
                made = rounds[-1].edits
                text = apply(text, made)
                doubts = _shift_doubts(doubts, made)
        if len(rounds) == applied or not (always or may_have_any(text, punctuation)):
            break
    return text, rounds, doubts


def detect(
    source: str | bytes,
    *,
    script: Script = "simplified",
    punctuation: Punctuation = "keep",
    charset: str | None = None,
    skip: Iterable[str] = (),
    dropped_words: Iterable[str] = (),
) -> tuple[Finding, ...]:
    """What is wrong with a document, located in its text; nothing is changed. Arguments as for ``repair``.

    >>> [(f.fault.value, f.edits[0].before, f.edits[0].after) for f in detect("現(xiàn)代")]
    [('script', '現', '现'), ('annotation', '(xiàn)', '')]

    Raises:
        TypeError, ValueError: as ``repair``.
    """
    return findings(
        repair(source, script=script, punctuation=punctuation, charset=charset, skip=skip, dropped_words=dropped_words)
    )


def findings(repaired: Repair) -> tuple[Finding, ...]:
    """Changes and doubts of a repair as findings located in the source text, in reading order."""
    made = (Finding(c.fault, (c.edit,), c.consent, c.confidence, c.evidence) for c in repaired.changes)
    return tuple(sorted((*made, *repaired.doubts), key=lambda f: f.span))


def _shift_doubts(doubts: Sequence[Finding], edits: Sequence[Edit]) -> list[Finding]:
    """The doubts after edits, where they stand then. What they rest on may be gone by the next sweep, so they stay
    until an edit changes the place."""
    kept = _drop_overlapping(doubts, (edit.span for edit in edits))
    ends = [edit.end for edit in edits] if kept else []
    shifts = list(accumulate((len(edit.after) - len(edit.before) for edit in edits), initial=0)) if kept else []
    return [_moved(doubt, shifts[bisect_right(ends, doubt.span.start)]) for doubt in kept]


def _moved(finding: Finding, by: int) -> Finding:
    """The finding, so many code points further on."""
    return finding._replace(edits=tuple(Edit.at(edit.start + by, edit.before, edit.after) for edit in finding.edits))


def _drop_overlapping(found: Sequence[Finding], taken: Iterable[Span]) -> list[Finding]:
    """The findings about other places than those that are taken."""
    spans = Spans(taken) if found else None
    return [finding for finding in found if not spans.overlaps(finding.span)] if spans else list(found)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _known(named: tuple[str, ...]) -> gaps.DroppedWords:
    """The words that filters drop, which are the same from one document to the next."""
    return gaps.DroppedWords(named) if named else gaps.DroppedWords.shipped()


def _finders(options: Options, pool: Pool | None) -> Mapping[Fault, Finder]:
    """What finds each of the faults that are asked for, in the order of repair."""
    known = _known(options.dropped_words)
    finders: dict[Fault, Finder] = {
        Fault.TRANSCODING: lambda text, _: transcoding.find(text),
        Fault.ALIGNMENT: lambda text, _: alignment.find(text),
        Fault.ANNOTATION: annotation.find,
        Fault.CODEPOINTS: lambda text, _: codepoints.find(text, options.punctuation),
        Fault.SCRIPT: lambda text, _: scripts.find(text, options.script),
        Fault.GAPS: lambda text, _: gaps.find(text, known, pool),
    }
    return {fault: finder for fault, finder in finders.items() if fault not in options.skip}


def _select(found: Sequence[Finding], least: Consent) -> tuple[tuple[Finding, ...], list[Finding]]:
    """The findings to apply, none of which overlap, and those that stay doubts; all in the order ``found``."""
    chosen: list[Finding] = []
    left: list[Finding] = []
    permitted = [consent for consent in Consent if consent.permits(least)]
    end = 0
    for finding in found:
        _, edits, consent, _, _, _ = finding
        start, before, after = edits[0]
        if start < end or consent not in permitted or (before == after and finding.changes_nothing):
            left.append(finding)
        else:
            chosen.append(finding)
            start, before, _ = edits[-1]
            end = start + len(before)
    return tuple(chosen), left
