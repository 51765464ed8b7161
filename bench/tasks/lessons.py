"""Which readings are taken out: of texts that people annotate, where it is harm, and of texts of a replacement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from bench.forward.lessons import annotated
from bench.harness import Run, Task
from bench.tables import Block, Table, percent
from jiaokan import Fault, repair

_CHUNK: Final = 20


def count(text: str) -> Counter[str]:
    """The readings of a text, those taken out, and those doubted."""
    result = repair(text, script="keep")
    taken = sum(change.fault is Fault.ANNOTATION for change in result.changes)
    doubted = sum(doubt.fault is Fault.ANNOTATION for doubt in result.doubts)
    # A handful of the parentheses were in the clean text.
    return Counter(texts=1, hit=taken > 0, readings=text.count("("), taken=taken, doubted=doubted)


def _run(run: Run) -> Iterator[Block]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    made = list(annotated(run.number, run.options.joined))
    for (way, _), found in zip(made, run.map(count, [text for _, text in made], _CHUNK), strict=True):
        counts[way] += found
    rows = []
    for way, each in counts.items():
        taken, doubted = (percent(each[part], max(1, each["readings"])) for part in ("taken", "doubted"))
        hit = percent(each["hit"], each["texts"])
        rows.append((way, [each["texts"], each["hit"], hit, each["readings"], taken, doubted]))
    columns = ("texts", "texts hit", "%", "readings", "taken out %", "doubts %")
    yield Table("Readings taken out (per cent)", columns, rows, {"": ".1f"})


TASK: Final = Task(_run, 400, "documents of each source", {"joined": (1, "documents on a page")})
