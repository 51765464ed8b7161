"""What a report tells beyond the counts: for now, nothing."""

from __future__ import annotations

from typing import Any

from jiaokan.batch.documents import Place, Reject
from jiaokan.report import Repair


class Details:
    """What a report tells beyond the counts."""

    def add(self, place: Place, size: int, repair: Repair, start: int) -> None:
        """See ``Census.add``."""

    def reject(self, reject: Reject) -> None:
        """See ``Census.reject``."""

    def merge(self, other: Details, behind: int) -> None:
        """See ``Census.merge``."""

    def to_json(self) -> dict[str, Any]:
        """See ``Census.to_json``."""
        return {}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Details:
        """See ``Census.from_json``."""
        return cls()
