"""What a report says, as a dictionary: the figures of a census, put in order, and how the run went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from jiaokan.batch.census import Census
from jiaokan.batch.census.details import LOST, Details
from jiaokan.batch.census.draws import Draw, Kept
from jiaokan.batch.census.excerpts import RESIDUE
from jiaokan.batch.report.groups import doubts, rejects
from jiaokan.report import Consent, Fault

# In the order in which a report names them.
CONSENTS: Final = tuple(consent.value for consent in Consent)
SCRIPTS: Final = ("simplified", "traditional", "mixed", "either", "none")
LETTERS: Final = ("simplified", "traditional", "common")


@dataclass(frozen=True, slots=True)
class Facts:
    """How a run went, as far as a census does not tell.

    Attributes:
        version: of jiaokan.
        inputs: what was read, as the user named it: files, folders, patterns.
        started: when, as ISO 8601.
        seconds: how long it took; ``None`` for a run that was interrupted and went on, of which nobody knows.
        jobs: workers at once.
        options: what was asked for, by the name of the option.
        note: what a reader must know first, such as that nothing was written, or that the run was stopped.
        files: how many files there were in the inputs; ``None`` if it is not told.
    """

    version: str
    inputs: Sequence[str]
    started: str
    seconds: float | None
    jobs: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    files: int | None = None


def figures(census: Census, facts: Facts) -> dict[str, Any]:
    """All that a report says, in terms of JSON.

    Raises:
        ValueError: the census has no details.
    """
    if census.details is None:
        raise ValueError("a report needs a census with details")
    details = census.details
    details.close()
    return {
        "run": {**asdict(facts), "inputs": [*facts.inputs], "options": {**facts.options}},
        "documents": _documents(census, details),
        "speed": _speed(census, details, facts),
        "charsets": _ranked(details.charsets, "charset"),
        "scripts": {name: details.scripts[name] for name in SCRIPTS},
        "letters": {name: details.letters[name] for name in LETTERS},
        "sizes": _histogram(details.sizes),
        "changes": _histogram(details.changes),
        "faults": [_fault(fault.value, details) for fault in Fault],
        "damaged": [_damaged(kept) for kept in details.damaged],
        "samples": _by_fault(details.samples),
        "doubts": {name: doubts(details.doubts[name]) for name in _faults(details.doubts)},
        "residue": {name: _lost(name, details.residue) for name in LOST},
        "rejects": rejects(details.rejects),
    }


def _documents(census: Census, details: Details) -> dict[str, int]:
    return {
        "seen": census.documents + census.rejected,
        "read": census.documents,
        "repaired": census.repaired,
        "doubtful": census.doubtful,
        "rejected": census.rejected,
        "bytes": census.bytes,
        "characters": details.characters["all"],
        "changed": details.characters["changed"],
        "edits": census.edits.total(),
        "doubts": census.doubts.total(),
    }


def _speed(census: Census, details: Details, facts: Facts) -> dict[str, float | None]:
    """Rates a second; ``None`` if it took no time that is known."""
    counts = {"documents": census.documents, "bytes": census.bytes, "characters": details.characters["all"]}
    rates = {name: round(count / facts.seconds, 1) if facts.seconds else None for name, count in counts.items()}
    return {"seconds": facts.seconds, "worker_seconds": census.milliseconds / 1000, **rates}


def _ranked(counts: Counter[str], name: str) -> list[dict[str, Any]]:
    return [{name: key, "documents": count} for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _histogram(counts: Counter[str]) -> list[dict[str, int]]:
    """Counts by the bits of a number, as classes ``from`` to ``to``, those without a document among them.

    >>> _histogram(Counter({"0": 5, "2": 1}))[2]
    {'from': 2, 'to': 3, 'documents': 1}
    """
    bits = sorted(map(int, counts))
    return [
        {"from": 1 << each - 1 if each else 0, "to": (1 << each) - 1, "documents": counts[str(each)]}
        for each in (range(bits[0], bits[-1] + 1) if bits else ())
    ]


def _fault(name: str, details: Details) -> dict[str, Any]:
    return {
        "fault": name,
        "edits": {consent: details.applied[f"{name} {consent}"] for consent in CONSENTS},
        "doubts": {kind: details.left[f"{name} {kind}"] for kind in (*CONSENTS, RESIDUE)},
    }


def _damaged(kept: Kept) -> dict[str, Any]:
    return {
        "place": kept.place._asdict(),
        "share": round(kept.what["changed"] / kept.what["characters"], 4),
        **kept.what,
    }


def _by_fault(samples: Mapping[str, Draw]) -> dict[str, list[dict[str, Any]]]:
    return {name: [{"place": kept.place._asdict(), **kept.what} for kept in samples[name]] for name in _faults(samples)}


def _faults(found: Mapping[str, object]) -> list[str]:
    """The faults of which something was found, in the order of repair."""
    return [fault.value for fault in Fault if fault.value in found]


def _lost(name: str, residue: Counter[str]) -> dict[str, int]:
    return {"count": residue[name], "documents": residue[f"{name}_documents"]}
