"""What a run has seen: counts that workers make, that a journal keeps, and that add up in any order.

Rules of this file: merging is associative and commutative, so that neither the number of workers nor an interruption
shows in a report; a census takes as much room for a million documents as for a thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from jiaokan.batch.documents import Place, Reject
from jiaokan.report import Repair

if TYPE_CHECKING:
    from jiaokan.batch.census.details import Details

# What the stretches of a document have shown so far.
_NOTHING: Final = 0
_CHANGED: Final = 1
_DOUBTED: Final = 2


@dataclass(slots=True)
class Census:
    """Counts over some documents.

    Attributes:
        documents: how many were repaired or found clean.
        bytes: their bytes, as they came.
        repaired: documents in which something was changed.
        doubtful: documents with doubts.
        rejected: documents that could not be repaired.
        milliseconds: what workers spent on them, as far as they say so.
        edits: those that were made, by fault; a place that two faults changed counts for both.
        doubts: doubts by fault.
        detailed: whether ``details`` are kept, for a report.
        details: what a report tells beyond this.

    >>> import jiaokan
    >>> census = Census()
    >>> census.add(Place("-"), 18, jiaokan.repair("現(xiàn)代"), 0)
    >>> census.documents, census.repaired, dict(census.edits)
    (1, 1, {'annotation': 1, 'script': 1})
    """

    documents: int = 0
    bytes: int = 0
    repaired: int = 0
    doubtful: int = 0
    rejected: int = 0
    milliseconds: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    detailed: bool = False
    details: Details | None = field(default=None, init=False)
    _shown: int = field(default=_NOTHING, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.detailed:
            from jiaokan.batch.census.details import Details

            self.details = Details()

    def add(self, place: Place, size: int, repair: Repair, start: int) -> None:
        """Count a repair (``documents.Noted``): of a document, or of a further stretch of the last one."""
        if not start:
            self.documents += 1
            self.bytes += size
            self._shown = _NOTHING
        if repair.rounds or repair.doubts:
            self._count(repair)
        if self.details:
            self.details.add(place, size, repair, start)

    def _count(self, repair: Repair) -> None:
        if repair.rounds and repair.text != repair.source.text:
            self.repaired += not self._shown & _CHANGED
            self._shown |= _CHANGED
        for each in repair.rounds:  # not ``changes``, which are composed only for those who want to read them
            self.edits[each.fault.value] += sum(len(finding.edits) for finding in each.findings)
        if repair.doubts:
            self.doubtful += not self._shown & _DOUBTED
            self._shown |= _DOUBTED
            self.doubts.update([doubt.fault.value for doubt in repair.doubts])

    def reject(self, reject: Reject) -> None:
        """Count a document that could not be repaired (``Repairer.rejected``).

        One that fails after some of its stretches were repaired counts for what was done as well.
        """
        self.rejected += 1
        if self.details:
            self.details.reject(reject)

    def merge(self, other: Census, behind: int = 0) -> None:
        """Count what the other has counted.

        Args:
            other: the census of other documents.
            behind: how many records of their input come before them: places in the other count from 1 within its
                piece, and in this one within the input.
        """
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.edits.update(other.edits)
        self.doubts.update(other.doubts)
        if self.details and other.details:
            self.details.merge(other.details, behind)

    def to_json(self) -> dict[str, Any]:
        """For a journal: some hundred bytes without details."""
        counts = {name: getattr(self, name) for name in _NUMBERS}
        told = {**counts, "edits": dict(self.edits), "doubts": dict(self.doubts)}
        return {**told, "details": self.details.to_json()} if self.details else told

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Census:
        """What ``to_json`` gave.

        >>> census = Census(documents=2, edits=Counter(script=3))
        >>> Census.from_json(census.to_json()) == census
        True
        """
        counts = {name: kept[name] for name in _NUMBERS}
        census = cls(**counts, edits=Counter(kept["edits"]), doubts=Counter(kept["doubts"]))
        if "details" in kept:
            from jiaokan.batch.census.details import Details

            census.detailed, census.details = True, Details.from_json(kept["details"])
        return census


_NUMBERS: Final = tuple(each.name for each in fields(Census) if each.type == "int" and each.init)
