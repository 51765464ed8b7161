"""Some documents of a crawl, drawn at random, with what would be done to them; nothing is written."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from typing_extensions import override

from jiaokan import pipeline
from jiaokan.batch import jobs
from jiaokan.batch.begin import Asked, found
from jiaokan.batch.documents import Place, Repaired, Repairer
from jiaokan.batch.jobs import Failure, Job, Jobs
from jiaokan.batch.pieces import InputError
from jiaokan.batch.plan import Input
from jiaokan.report import Repair

# Pieces that are read for a sample, and pieces among which they are drawn; of what has to be decompressed, the first.
_READ: Final = 64
_AMONG: Final = 10_000
_OF_A_STREAM: Final = 8


class Drawn(NamedTuple):
    """A document that was drawn: what it is called, and its repair."""

    name: str
    repair: Repair


def drawn(asked: Asked, stdin: BinaryIO, number: int) -> Iterator[Drawn]:
    """So many documents of the inputs, or all if there are fewer, in the order in which they stand there.

    They come from 64 pieces of the inputs at most, drawn first, each of a few hundred documents as a rule.

    Raises:
        InputError: an input is not what it should be.
        OSError: one cannot be read.
        ValueError: what is asked for does not go together.
    """
    inputs = found(asked)
    with tempfile.TemporaryDirectory(prefix="jiaokan-") as folder:
        cut = Jobs(asked.shape, Path(folder), asked.format, stream=stdin, longest=asked.orders.longest)
        some = [*islice(_jobs(cut, inputs), _AMONG)]
        chosen = sorted(random.sample(range(len(some)), min(_READ, len(some))))
        picker = _Picker(asked.orders.options, asked.orders.charset, longest=asked.orders.longest, number=number)
        with open(os.devnull, "wb") as nowhere:
            for each in (some[index] for index in chosen):
                jobs.module(each.format).rewrite(each.piece, nowhere, each.shape, picker)
    for _, place, source, charset in sorted(picker.picked, key=lambda pick: pick[0]):
        yield Drawn(_name(place), pipeline.repair(source, charset=charset, **asked.orders.options))


@dataclass(frozen=True, slots=True)
class _Picker(Repairer):
    """Repairs nothing, and keeps some of the documents: each that it meets as probably as any other (reservoir
    sampling, Vitter's algorithm R)."""

    number: int = 0
    picked: list[tuple[int, Place, str | bytes, str | None]] = field(default_factory=list)
    _met: list[int] = field(default_factory=lambda: [0])

    @override
    def _repaired(self, source: str | bytes, place: Place, size: int, charset: str | None) -> Repaired:
        met = self._met[0]
        self._met[0] += 1
        pick = (met, place, source, charset)
        if met < self.number:
            self.picked.append(pick)
        elif (index := random.randrange(met + 1)) < self.number:
            self.picked[index] = pick
        return Repaired("", {})


def _jobs(cut: Jobs, inputs: Sequence[Input]) -> Iterator[Job]:
    for number, each in enumerate(inputs):
        for job in cut.of(number, each):
            if isinstance(job, Failure):
                if job.number == 0:
                    raise InputError(f"{each.path}: {job.reason}")
                break
            yield job
            if job.piece.path.parent == cut.spool and job.number + 1 == _OF_A_STREAM:
                break


def _name(place: Place) -> str:
    return " ".join(part for part in (place.path, place.field, place.name) if part)
