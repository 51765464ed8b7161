"""Seconds of processor time, measured by turns, so that a noisy machine is noisy for all that is compared."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any, Final, NamedTuple

_LEAST: Final = 0.02  # seconds that one measurement takes at least


class Inputs(NamedTuple):
    """What is measured on: texts, or bytes, of one kind."""

    name: str
    texts: Sequence[Any]

    @property
    def size(self) -> int:
        """Bytes of all, texts in UTF-8."""
        return sum(len(text if isinstance(text, bytes) else text.encode()) for text in self.texts)


def measure(
    inputs: Sequence[Inputs], compared: Mapping[str, Callable[[Any], object]], count: int
) -> Iterator[tuple[Inputs, dict[str, float]]]:
    """For each kind of inputs, the MB a second of each of the compared: by the median of ``count`` measurements."""
    gc.freeze()  # what the bench keeps is not to be looked through for each measurement
    for kind in inputs:
        runs = {name: partial(run, call, kind.texts) for name, call in compared.items()}
        times = {name: max(1, round(_LEAST / max(once(1), 1e-6))) for name, once in runs.items()}
        taken = defaultdict(list)
        for _ in range(count):
            for name, often in runs.items():
                taken[name].append(often(times[name]))
        yield kind, {name: kind.size / 1e6 / median(each) for name, each in taken.items()}


def run(call: Callable[[Any], object], texts: Sequence[Any], times: int) -> float:
    """Seconds of processor time for all texts, the average of some times."""
    gc.collect()
    began = time.process_time()
    for _ in range(times):
        for text in texts:
            call(text)
    return (time.process_time() - began) / times
