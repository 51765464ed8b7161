"""Seconds of processor time, measured by turns, so that a noisy machine is noisy for all that is compared."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any, Final, Protocol, TypeVar

_LEAST: Final = 0.02  # seconds that one measurement takes at least


class Load(Protocol):
    """What is measured on: texts of one kind, of so many bytes in all."""

    @property
    def name(self) -> str: ...
    @property
    def texts(self) -> Sequence[Any]: ...
    @property
    def size(self) -> int: ...


_L = TypeVar("_L", bound=Load)


def measure(
    loads: Sequence[_L], compared: Mapping[str, Callable[[Any], object]], count: int
) -> Iterator[tuple[_L, dict[str, float]]]:
    """For each load, the median seconds that each of the compared takes for all of its texts."""
    gc.freeze()  # what the bench keeps is not to be looked through for each measurement
    for load in loads:
        runs = {name: partial(run, call, load.texts) for name, call in compared.items()}
        times = {name: max(1, round(_LEAST / max(once(1), 1e-6))) for name, once in runs.items()}
        taken = defaultdict(list)
        for _ in range(count):
            for name, often in runs.items():
                taken[name].append(often(times[name]))
        yield load, {name: median(each) for name, each in taken.items()}


def run(call: Callable[[Any], object], texts: Sequence[Any], times: int) -> float:
    """Seconds of processor time for all texts, the average of some times."""
    gc.collect()
    began = time.process_time()
    for _ in range(times):
        for text in texts:
            call(text)
    return (time.process_time() - began) / times
