"""What a run has seen: counts that workers make, that a journal keeps, and that add up in any order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from jiaokan.batch.documents import Place
from jiaokan.report import Repair


@dataclass(slots=True)
class Census:
    """Counts over some documents.

    Attributes:
        documents: how many were repaired or found clean.
        bytes: their bytes, as they came.
        repaired: documents in which something was changed.
        doubtful: documents with doubts.
        rejected: documents that could not be repaired.
        edits: changes by fault.
        doubts: doubts by fault.
    """

    documents: int = 0
    bytes: int = 0
    repaired: int = 0
    doubtful: int = 0
    rejected: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)

    def add(self, place: Place, size: int, repair: Repair, start: int) -> None:
        """Count a repair (``documents.Noted``)."""

    def merge(self, other: Census) -> None:
        """Count what the other has counted."""

    def to_json(self) -> dict[str, Any]:
        """For a journal."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Census:
        """What ``to_json`` gave."""
        raise NotImplementedError
