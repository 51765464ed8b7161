"""What a language model costs: time to open it, memory, characters a second. Each run is a process of its own.

python -m bench.tasks.lexicon_costs MODEL < texts.json      one run, as ``costs`` starts it
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench.peers.models import Model, Stepwise, import_package, open_model

_FIRST: Final = 10_000  # characters scored before the memory is read


@dataclass(frozen=True, slots=True)
class Costs:
    """One run, or the medians of several.

    Attributes:
        import_seconds: to import the package.
        import_megabytes: what that adds to the resident memory (VmRSS).
        open_seconds: to open the model and score one character, without what only batches need.
        open_megabytes: what that and the first ``_FIRST`` characters add.
        batch: characters a second, all sentences in one call.
        single: characters a second, each sentence in a call of its own.
        stepwise: characters a second, one at a time; nan if the model has no such way.
    """

    import_seconds: float
    import_megabytes: float
    open_seconds: float
    open_megabytes: float
    batch: float
    single: float
    stepwise: float


def costs(name: str, texts: Sequence[str], runs: int) -> Costs:
    """The medians of ``runs`` runs of the model of a name over texts of at least four times ``_FIRST`` characters."""
    command, given = [sys.executable, "-m", "bench.tasks.lexicon_costs", name], json.dumps(texts)
    from bench.harness import environment  # not above: a measured process imports nothing that a model may need

    options = {"env": environment(), "check": True, "stdout": subprocess.PIPE, "text": True}
    done = [subprocess.run(command, input=given, **options) for _ in range(runs)]  # type: ignore[call-overload]
    measured = [astuple(Costs(**json.loads(run.stdout))) for run in done]
    return Costs(*map(median, zip(*measured, strict=True)))


def _measure(name: str, texts: Sequence[str]) -> Costs:
    """One run. No text is scored twice, since a model may remember."""
    first, rest = _split(texts)
    empty = _resident()
    import_seconds = _seconds(lambda: import_package(name))
    imported = _resident()
    began = time.perf_counter()
    model = open_model(name)
    _walk(model, ["的"]) if isinstance(model, Stepwise) else model.score_batch(["的"])
    open_seconds = time.perf_counter() - began
    model.score_batch(first)
    opened = _resident()
    return Costs(import_seconds, imported - empty, open_seconds, opened - imported, *_speeds(model, rest))


def _speeds(model: Model, texts: Sequence[str]) -> tuple[float, float, float]:
    batch, single, stepwise = texts[::3], texts[1::3], texts[2::3]
    return (
        _size(batch) / _seconds(lambda: model.score_batch(batch)),
        _size(single) / _seconds(lambda: [model.score_batch([text]) for text in single]),
        _size(stepwise) / _seconds(lambda: _walk(model, stepwise)) if isinstance(model, Stepwise) else float("nan"),
    )


def _walk(model: Stepwise, texts: Sequence[str]) -> None:
    for text in texts:
        context = model.start()
        for char in text:
            context = model.step(context, char)


def _split(texts: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The texts of the first ``_FIRST`` characters, and the others."""
    size = 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= _FIRST:
            return texts[: number + 1], texts[number + 1 :]
    return texts, texts


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _size(texts: Sequence[str]) -> int:
    return sum(map(len, texts))


def _resident() -> float:
    """The resident memory of this process in megabytes; nan where there is no ``/proc``."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    json.dump(asdict(_measure(sys.argv[1], json.load(sys.stdin))), sys.stdout)
