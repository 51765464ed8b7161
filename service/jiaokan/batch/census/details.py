"""What a report tells beyond the counts of a census: of what kind the documents were, and some of what was in them.

Rules of this file: whatever adds up is a counter; whatever does not is drawn (``draws``), so that merging stays
associative and commutative and the room it takes bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, Final

from jiaokan.batch.census.draws import Draw, digest
from jiaokan.batch.census.excerpts import REASON, doubt, kind, sample, shortened
from jiaokan.batch.documents import Place, Reject, chars_changed
from jiaokan.faults.script.other_script import OF_ONE_SCRIPT
from jiaokan.lexicon.scripts import Scripts
from jiaokan.report import Change, Fault, Repair

# How many are kept: of the most damaged documents, of the changes of each fault, of the doubts of each fault, of the
# rejects. At 250 bytes a doubt and 500 a sample, that makes 400 KB if all six faults are doubted that often.
DAMAGED: Final = 20
SAMPLES: Final = 6
DOUBTS: Final = 256
REJECTS: Final = 50
# Characters that are added to a document before its share of changed ones is taken: a heading of four characters that
# are all traditional is not the most damaged document of a crawl.
_RANKED: Final = 100
# The share is ranked in millionths.
_MILLION: Final = 1_000_000
# Characters of a document that go into its digest, beside its place.
_TELLING: Final = 200
# The charset of what came in as text, of which the format says what it was written in.
TEXT: Final = "text"
_DESTROYED: Final = "锟斤拷"
# What residue is counted by.
LOST: Final = ("bytes", "replacements", "destroyed")
_NONE: Final = Scripts(0, 0, 0)


@dataclass(slots=True)
class _Document:
    """What the stretches of a document have shown so far."""

    place: Place
    size: int
    telling: str
    charset: str
    scripts: Scripts = _NONE
    characters: int = 0
    changed: int = 0
    changes: int = 0
    doubts: int = 0

    @property
    def rank(self) -> int:
        """A number that looks drawn at random."""
        return digest(*self.place, self.size, self.telling)


@dataclass(slots=True)
class Details:
    """What a report tells beyond the counts.

    Attributes:
        charsets: documents by charset, ``TEXT`` for those that came in as text.
        scripts: documents by what ``script_of`` says.
        letters: Han characters by script.
        sizes: documents by the bits of their size in bytes: 11 is 1024 to 2047.
        changes: documents by the bits of the number of their changes: 0 is none, 1 is one, 2 is two or three.
        applied: edits made, by fault and consent: ``"script certain"``.
        left: doubts by fault and ``excerpts.kind``.
        residue: what is lost: ``bytes`` that could not be read, U+FFFD (``replacements``) and 锟斤拷 (``destroyed``) in
            the texts, as characters and sequences, and with ``_documents`` behind it how many documents have them.
        characters: code points of the sources, and those ``changed``.
        samples: some changes of each fault, one of a document at most.
        doubts: some doubts of each fault.
        damaged: the documents of which the largest share was changed.
        rejects: some of the documents that could not be repaired.
    """

    charsets: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    residue: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    samples: dict[str, Draw] = field(default_factory=dict)
    doubts: dict[str, Draw] = field(default_factory=dict)
    damaged: Draw = field(default_factory=lambda: Draw(DAMAGED))
    rejects: Draw = field(default_factory=lambda: Draw(REJECTS))
    _open: _Document | None = field(default=None, init=False)

    def add(self, place: Place, size: int, repair: Repair, start: int) -> None:
        """See ``Census.add``."""
        if not start or self._open is None:
            self.close()
            self._open = _Document(place, size, repair.source.text[:_TELLING], repair.source.charset or TEXT)
        document = self._open
        document.characters += len(repair.source.text)
        document.scripts = _sum(document.scripts, repair.scripts) if start else repair.scripts
        self._lost(repair)
        if repair.rounds or repair.doubts:
            document.changed += chars_changed(repair)
            document.changes += len(repair.changes)
            document.doubts += len(repair.doubts)
            self._found(repair)
            self._sampled(document, repair, start)
            self._doubted(document, repair, start)

    def reject(self, reject: Reject) -> None:
        """See ``Census.reject``."""
        self.rejects.offer((digest(*reject),), reject.place, lambda: {"reason": shortened(reject.reason, REASON)})

    def close(self) -> None:
        """Count the last document, all of whose stretches were seen."""
        document, self._open = self._open, None
        if document is None:
            return
        self.charsets[document.charset] += 1
        self.scripts[script_of(document.scripts)] += 1
        for script, letters in zip(Scripts._fields, document.scripts, strict=True):
            self.letters[script] += letters
        self.sizes[str(document.size.bit_length())] += 1
        self.changes[str(document.changes.bit_length())] += 1
        self.characters["all"] += document.characters
        if document.changed:
            self.characters["changed"] += document.changed
            share = document.changed * _MILLION // (document.characters + _RANKED)
            names = ("size", "characters", "changed", "changes", "doubts")
            told = {name: getattr(document, name) for name in names}
            self.damaged.offer((-share, document.rank), document.place, told.copy)

    def merge(self, other: Details, behind: int = 0) -> None:
        """See ``Census.merge``."""
        self.close()
        other.close()
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for own, others, most in ((self.samples, other.samples, SAMPLES), (self.doubts, other.doubts, DOUBTS)):
            for fault, draw in others.items():
                own.setdefault(fault, Draw(most)).merge(draw, behind)
        self.damaged.merge(other.damaged, behind)
        self.rejects.merge(other.rejects, behind)

    def to_json(self) -> dict[str, Any]:
        """See ``Census.to_json``."""
        self.close()
        told: dict[str, Any] = {name: dict(counter) for name in _COUNTERS if (counter := getattr(self, name))}
        for name in ("samples", "doubts"):
            told[name] = {fault: draw.to_json() for fault, draw in getattr(self, name).items()}
        return {**told, "damaged": self.damaged.to_json(), "rejects": self.rejects.to_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Details:
        """See ``Census.from_json``."""
        return cls(
            **{name: Counter(kept.get(name, {})) for name in _COUNTERS},
            samples={fault: Draw.from_json(SAMPLES, draw) for fault, draw in kept["samples"].items()},
            doubts={fault: Draw.from_json(DOUBTS, draw) for fault, draw in kept["doubts"].items()},
            damaged=Draw.from_json(DAMAGED, kept["damaged"]),
            rejects=Draw.from_json(REJECTS, kept["rejects"]),
        )

    def _found(self, repair: Repair) -> None:
        for each in repair.rounds:
            for finding in each.findings:
                self.applied[f"{each.fault.value} {finding.consent.value}"] += len(finding.edits)
        for finding in repair.doubts:
            self.left[f"{finding.fault.value} {kind(finding)}"] += 1

    def _lost(self, repair: Repair) -> None:
        """Count what nobody can bring back."""
        lost = sum([len(loss.raw) for loss in repair.source.losses]) if repair.source.losses else 0
        counts = (lost, repair.text.count("\ufffd"), repair.text.count(_DESTROYED))
        if any(counts):
            for name, count in zip(LOST, counts, strict=True):
                self.residue[name] += count
                self.residue[f"{name}_documents"] += bool(count)

    def _sampled(self, document: _Document, repair: Repair, start: int) -> None:
        """Offer one change of each fault."""
        seed = document.rank
        for fault, numbers in _by_fault(repair.changes).items():
            rank = digest(seed, start, fault.value)
            number = numbers[rank % len(numbers)]
            draw = self.samples.setdefault(fault.value, Draw(SAMPLES))
            draw.offer((rank,), document.place, partial(_sample, repair, number, start))

    def _doubted(self, document: _Document, repair: Repair, start: int) -> None:
        """Offer every doubt."""
        seed = document.rank if repair.doubts else 0
        for number, finding in enumerate(repair.doubts):
            draw = self.doubts.setdefault(finding.fault.value, Draw(DOUBTS))
            rank = digest(seed, start, number)
            draw.offer((rank,), document.place, partial(doubt, finding, repair))


def _sum(one: Scripts, other: Scripts) -> Scripts:
    return Scripts(*map(sum, zip(one, other, strict=True)))


def script_of(scripts: Scripts) -> str:
    """Which script a document is in.

    >>> script_of(Scripts(9, 1, 20)), script_of(Scripts(1, 1, 1)), script_of(Scripts(0, 0, 5)), script_of(_NONE)
    ('traditional', 'mixed', 'either', 'none')
    """
    if not scripts.traditional and not scripts.simplified:
        return "either" if scripts.common else "none"
    if scripts.share >= OF_ONE_SCRIPT:
        return "traditional"
    return "simplified" if scripts.share <= 1 - OF_ONE_SCRIPT else "mixed"


def _by_fault(changes: Sequence[Change]) -> dict[Fault, list[int]]:
    numbers: dict[Fault, list[int]] = {}
    for number, change in enumerate(changes):
        numbers.setdefault(change.fault, []).append(number)
    return numbers


def _sample(repair: Repair, number: int, start: int) -> dict[str, Any]:
    """A sample of a stretch, located in the document."""
    told = sample(repair, number)
    return {**told, "at": told["at"] + start}


_COUNTERS: Final = tuple(each.name for each in fields(Details) if each.type == "Counter[str]")
