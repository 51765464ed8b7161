"""Sound text repaired: every place that changed, by kind of text and by fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

import jiaokan
from bench.forward.sound import Script, sound_texts
from bench.harness import Run, Task
from bench.tables import Block, Cell, Lines, Table, around

_BATCH: Final = 200  # texts a process takes at a time
_SHOWN: Final = 400  # places listed at most


class Batch(NamedTuple):
    """Sound texts of one kind, and the script they are to stay in."""

    kind: str
    script: Script
    texts: list[str]


class Spoiled(NamedTuple):
    """A place that changed in sound text."""

    kind: str
    fault: str
    shown: str


def batches(number: int | None) -> Iterator[Batch]:
    """All sound text, or about ``number`` texts of each kind."""
    for kind, script, every in sound_texts():
        texts = every[:: max(1, len(every) // number)] if number else every
        for at in range(0, len(texts), _BATCH):
            yield Batch(kind, script, texts[at : at + _BATCH])


def spoiled(batch: Batch) -> tuple[str, int, list[Spoiled]]:
    """The kind of a batch, its characters, and the places that a repair changes in it."""
    places = []
    for text in batch.texts:
        for change in jiaokan.repair(text, script=batch.script, skip=["gaps"]).changes:
            shown = f"{around(text, *change.edit.span)} → {change.edit.after or 'nothing'}"
            places.append(Spoiled(batch.kind, change.fault.value, shown))
    return batch.kind, sum(map(len, batch.texts)), places


def _run(run: Run) -> Iterator[Block]:
    sizes: Counter[str] = Counter()
    places: list[Spoiled] = []
    for kind, size, found in run.map(spoiled, batches(run.number)):
        sizes[kind] += size
        places += found
    yield _table(sizes, places)
    lines = [f"{place.kind} · {place.fault} · {place.shown}".replace("\n", "⏎") for place in places[:_SHOWN]]
    yield Lines(f"Places: {len(places):,}", lines)


def _table(sizes: Counter[str], places: list[Spoiled]) -> Table:
    faults = sorted({place.fault for place in places})
    rows: list[tuple[str, list[Cell]]] = []
    for kind in [*sizes, "all"]:
        by_fault = Counter(place.fault for place in places if kind in (place.kind, "all"))
        size, number = sizes[kind] if kind != "all" else sizes.total(), by_fault.total()
        rows.append((kind, [size, number, number * 1e6 / max(1, size), *(by_fault[fault] for fault in faults)]))
    return Table("Changed places per million characters", ("characters", "places", "per million", *faults), rows)


TASK: Final = Task(_run, None, "texts of each kind")
