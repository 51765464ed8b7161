"""What was found and what was done: the values every other part speaks in.

Nothing here decides anything. A fault proposes findings, ``pipeline`` applies some of them, and a ``Repair``
keeps them all, so that every code point of the clean text can be traced back and every change undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import NamedTuple

from jiaokan.charset.source import Source
from jiaokan.edits import Edit, Span, compose, merge
from jiaokan.lexicon.scripts import Scripts, count_scripts


class Fault(StrEnum):
    """The kinds of damage, in the order in which they are repaired."""

    TRANSCODING = "transcoding"
    ALIGNMENT = "alignment"
    ANNOTATION = "annotation"
    CODEPOINTS = "codepoints"
    SCRIPT = "script"
    GAPS = "gaps"


class Consent(Enum):
    """How much trust a finding asks for.

    ``certain``: the bytes or the standards leave one possibility. ``probable``: plausibility decided, with
    room to spare. ``suggested``: shown, and applied only when asked for.
    """

    CERTAIN = "certain"
    PROBABLE = "probable"
    SUGGESTED = "suggested"

    @cached_property
    def rank(self) -> int:
        """0 for ``suggested``, 1 for ``probable``, 2 for ``certain``."""
        return {"suggested": 0, "probable": 1, "certain": 2}[self.value]

    def permits(self, least: Consent) -> bool:
        """Whether a finding of this level is applied when ``least`` is the lowest level that is.

        >>> Consent.CERTAIN.permits(Consent.PROBABLE), Consent.SUGGESTED.permits(Consent.PROBABLE)
        (True, False)
        """
        return self.rank >= least.rank


class Fill(NamedTuple):
    """A word that may have stood where one is missing, and how probable that is, from 0 to 1."""

    text: str
    confidence: float


class Finding(NamedTuple):
    """One piece of damage: where it is, what undoes it, how sure that is, and why.

    Attributes:
        fault: the kind of damage.
        edits: what undoes it, in reading order; at least one. An edit that changes nothing marks a place
            for which no repair is known.
        consent: the trust it asks for.
        confidence: the estimated probability, from 0 to 1, that the edits restore what was lost.
        evidence: one line for a person: what on the page says so.
        fills: where a word is missing: those that fit best, the likeliest first; the edits put in the first.
    """

    fault: Fault
    edits: tuple[Edit, ...]
    consent: Consent
    confidence: float
    evidence: str
    fills: tuple[Fill, ...] = ()

    @classmethod
    def each(
        cls, fault: Fault, edits: Iterable[Edit], consent: Consent, confidence: float, evidence: Iterable[str]
    ) -> list[Finding]:
        """One finding for each of the edits, each with the evidence that comes with it."""
        columns = zip(repeat(fault), zip(edits), repeat(consent), repeat(confidence), evidence, repeat(()))
        return [*map(tuple.__new__, repeat(cls), columns)]  # a page has hundreds, made in half the time this way

    @property
    def span(self) -> Span:
        """From the start of the first edit to the end of the last."""
        return Span(self.edits[0].start, self.edits[-1].end)

    @property
    def changes_nothing(self) -> bool:
        """Whether it only marks places."""
        return all(edit.before == edit.after for edit in self.edits)


class Round(NamedTuple):
    """The findings of one fault that were applied together to one state of the text: in reading order, none overlap."""

    fault: Fault
    findings: tuple[Finding, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits of the round in reading order, located in the text the round met."""
        return tuple([edit for finding in self.findings for edit in finding.edits])


class Change(NamedTuple):
    """One edit of the source text, with the findings of all rounds that went into it, first round first."""

    edit: Edit
    findings: tuple[Finding, ...]

    @property
    def fault(self) -> Fault:
        """The first fault found here; later ones worked on what it brought to light."""
        return self.findings[0].fault

    @property
    def consent(self) -> Consent:
        """The least certain of the findings: the change is no surer than that."""
        return min([f.consent for f in self.findings], key=attrgetter("rank"))

    @property
    def confidence(self) -> float:
        """The least confidence of the findings, from 0 to 1."""
        return min([f.confidence for f in self.findings])

    @property
    def evidence(self) -> str:
        """The distinct reasons, in order."""
        return "; ".join(dict.fromkeys([f.evidence for f in self.findings]))


@dataclass(frozen=True)
class Repair:
    """A text made clean, and the whole account of it.

    Laws: ``apply(source.text, edits) == text``; ``apply(text, invert(edits)) == source.text``; applying the
    rounds one after the other to ``source.text`` gives ``text``; a clean text comes back as the same object.

    Attributes:
        source: what came in.
        text: what goes out.
        rounds: what was applied, step by step.
        doubts: what was found and not applied, located in ``source.text``.
        edits: the way from ``source.text`` to ``text``, in reading order.
        changes: ``edits`` once more, each with the findings behind it.
        scripts: how much of the source text is traditional, and how much simplified.
    """

    source: Source
    text: str
    rounds: tuple[Round, ...]
    doubts: tuple[Finding, ...]

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """See above; composed from the rounds when first asked for, like ``changes``."""
        if len(self.rounds) == 1:
            return tuple([edit for edit in self.rounds[0].edits if edit[1] != edit[2]])
        return tuple([change.edit for change in self.changes])

    @cached_property
    def scripts(self) -> Scripts:
        """See above; counted when first asked for."""
        return count_scripts(self.source.text)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """See above."""
        changes: list[Change] = []
        for each in self.rounds:
            changes = _compose(changes, each)
        return tuple(changes)


def _compose(changes: Sequence[Change], then: Round) -> list[Change]:
    """The changes so far and the edits of a further round as one list; those that undo each other are gone."""
    if not changes:
        return [Change(edit, (each,)) for each in then.findings for edit in each.edits if edit.before != edit.after]
    behind = [finding for finding in then.findings for _ in finding.edits]
    composed = []
    i = j = 0
    for edit, ones, others in merge([change.edit for change in changes], then.edits):
        if not others:
            composed.append(changes[i])
        elif edit.before == edit.after:
            pass
        elif not ones:
            composed.append(Change(edit, (behind[j],)))
        else:
            reasons = chain(*(change.findings for change in changes[i : i + ones]), behind[j : j + others])
            composed.append(Change(edit, tuple({id(finding): finding for finding in reasons}.values())))
        i += ones
        j += others
    return composed


def at_source(doubts: Sequence[Finding], rounds: Sequence[Round]) -> tuple[Finding, ...]:
    """The doubts, found in the text that the rounds made, as findings about the source text."""
    edits: tuple[Edit, ...] = ()
    for each in rounds if doubts else ():
        edits = compose(edits, each.edits)
    located: list[Finding] = []
    waiting = sorted(doubts, key=lambda f: f.span)
    while waiting:
        layer, waiting = _layer(waiting)
        owners = iter([number for number, finding in enumerate(layer) for _ in finding.edits])
        moved: list[list[Edit]] = [[] for _ in layer]
        for edit, _, others in merge(edits, [edit for finding in layer for edit in finding.edits]):
            for number in dict.fromkeys(islice(owners, others)):
                moved[number].append(edit)
        located += (finding._replace(edits=tuple(its)) for finding, its in zip(layer, moved, strict=True))
    return tuple(sorted(located, key=lambda f: f.span))


def _layer(doubts: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Doubts that do not overlap, and the rest."""
    layer: list[Finding] = []
    rest: list[Finding] = []
    for doubt in doubts:
        (rest if layer and doubt.span.start < layer[-1].span.end else layer).append(doubt)
    return layer, rest
