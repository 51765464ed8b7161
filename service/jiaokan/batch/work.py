"""What a worker does with a job: read its piece, repair the documents, write what is made of it.

Rules of this file: everything that comes in or goes out can be pickled; an output stands whole or not at all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from typing_extensions import override

from jiaokan import pipeline
from jiaokan.batch import files, jobs
from jiaokan.batch.census import Census
from jiaokan.batch.documents import LONGEST, Added, Place, Reject, Repaired, Repairer
from jiaokan.batch.jobs import Job
from jiaokan.batch.pieces import FormatName, InputError
from jiaokan.pipeline import Pool
from jiaokan.report import Repair

# What a worker tells while it works, for the progress and for the case that it dies: the number of documents of the job
# it was at, and how many documents, bytes, repaired and doubtful documents there were since it began.
MET, DOCUMENTS, BYTES, REPAIRED, DOUBTFUL = range(5)
Ticks = MutableSequence[int]

Backup = Literal["never", "rejects", "always"]


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be done with every document of a run.

    Attributes:
        options: arguments for ``pipeline.repair`` but the source and the charset.
        charset: the charset of documents that declare none.
        wanted: what to tell of each.
        longest: bytes of a document at most.
        detailed: whether to count all that a report shows.
        backup: when to keep what stands where an output goes: never, always, or if it has documents that are rejected,
            and would be lost.
        durable: whether what is written must outlive the machine: not what goes on to a stream.
        render: what to show of every repair, such as its diff, given the name of its input. Plain text only.
        gathering: whether to repair nothing, but to gather what the gaps of all documents show together.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    charset: str | None = None
    wanted: tuple[Added, ...] = ()
    longest: int = LONGEST
    detailed: bool = False
    backup: Backup = "never"
    durable: bool = True
    render: Callable[[str, Repair], bytes] | None = None
    gathering: bool = False


def keeps(backup: Backup, rejects: object) -> bool:
    """Whether to keep what stands where an output goes, given the rejects, or how many there are."""
    return backup == "always" or (backup == "rejects" and bool(rejects))


class Task(NamedTuple):
    """A job, where its output goes, and which of its documents are not to be tried again.

    Attributes:
        job: the piece.
        target: where to write; ``None`` to write nothing.
        draft: where it is written until it is whole.
        shown: where to write what is shown of its documents, if anything is.
        barred: documents of the job, counted from 1, that ended the process which repaired them; and why.
    """

    job: Job
    target: Path | None
    draft: Path | None = None
    shown: Path | None = None
    barred: Mapping[int, str] = {}


class Joining(NamedTuple):
    """Parts to put together, where they cannot just follow one another."""

    input: int
    format: FormatName
    parts: tuple[Path, ...]
    target: Path


class Done(NamedTuple):
    """What became of a task.

    Attributes:
        records: how many records the piece had.
        written: whether there is an output.
        rejects: documents that are not in it.
        failure: why the piece could not be read, if so.
        again: whether it may be tried another time.
        stop: whether nothing more can be written.
        pool: what the gaps of its documents show, if that is gathered.
    """

    records: int
    written: bool
    census: Census
    rejects: Sequence[Reject] = ()
    failure: str = ""
    again: bool = False
    stop: bool = False
    pool: Pool | None = None


def joined(joining: Joining) -> Done:
    """Put parts together."""
    try:
        with files.drafted(joining.target) as target:
            cast(Any, jobs.module(joining.format)).join(joining.parts, target)
    except Exception as error:
        return _failed(error, Census(), [], str(joining.target))
    return Done(0, True, Census())


def done(task: Task, orders: Orders, ticks: Ticks) -> Done:
    """Do a task; whatever happens, it is told and not raised."""
    job, census, rejects, shown = task.job, Census(detailed=orders.detailed), list[Reject](), list[bytes]()
    ticks[MET], began = 0, time.monotonic()

    def noted(place: Place, size: int, repair: Repair, start: int) -> None:
        _count(ticks, census, place, size, repair, start)
        if orders.render:
            shown.append(orders.render(place.path, repair))

    repairer = (Gatherer if orders.gathering else Repairer)(
        orders.options,
        orders.charset,
        orders.wanted,
        orders.longest,
        whole=orders.render is not None,
        met=partial(_met, ticks, task.barred),
        noted=noted,
        rejected=partial(_rejected, census, rejects),
    )
    try:
        with _target(task, orders, lambda: keeps(orders.backup, rejects)) as target:
            records = jobs.module(job.format).rewrite(job.piece, target, job.shape, repairer)
            if job.format == "text" and rejects:
                raise _NothingError
        if task.shown:
            task.shown.write_bytes(b"".join(shown))
    except _NothingError:
        return Done(1, False, census, rejects)
    except Exception as error:
        return _failed(error, census, rejects, str(job.piece.path))
    census.milliseconds = round((time.monotonic() - began) * 1000)
    pool = repairer.pool if isinstance(repairer, Gatherer) else None
    return Done(records, task.target is not None, census, rejects, pool=pool)


@dataclass(frozen=True, slots=True)
class Gatherer(Repairer):
    """Repairs nothing, and gathers what the gaps of its documents show together."""

    pools: list[Pool] = field(default_factory=list)

    @property
    def pool(self) -> Pool:
        """Of all documents so far."""
        return reduce(or_, self.pools, Pool())

    @override
    def _repaired(self, source: str | bytes, place: Place, size: int, charset: str | None) -> Repaired:
        asked = {name: self.options[name] for name in ("skip", "dropped_words") if name in self.options}
        self.pools[:] = [self.pool | pipeline.pooled([source], charset=charset, **asked)]
        return Repaired("", dict.fromkeys(self.wanted))


class _NothingError(Exception):
    """The only document of an output was rejected."""


def _failed(error: Exception, census: Census, rejects: Sequence[Reject], path: str) -> Done:
    if isinstance(error, InputError):
        return Done(0, False, census, rejects, str(error))
    if isinstance(error, OSError):
        place = error.filename2 or error.filename
        ours = place is not None and str(place) != path
        reason = f"{place}: {error.strerror}" if ours else error.strerror or str(error)
        return Done(0, False, census, rejects, reason, again=True, stop=error.errno in files.FULL)
    return Done(0, False, census, rejects, f"{type(error).__name__}: {error}", again=True)


def _target(task: Task, orders: Orders, backup: Callable[[], bool]) -> AbstractContextManager[BinaryIO]:
    if task.target is None:
        return open(os.devnull, "wb")
    return files.drafted(task.target, task.draft, backup, orders.durable)


def _met(ticks: Ticks, barred: Mapping[int, str], _place: Place) -> str | None:
    ticks[MET] += 1
    return barred.get(ticks[MET]) if barred else None


def _count(ticks: Ticks, census: Census, place: Place, size: int, repair: Repair, start: int) -> None:
    before = census.repaired, census.doubtful
    census.add(place, size, repair, start)
    if not start:
        ticks[DOCUMENTS] += 1
        ticks[BYTES] += size
    ticks[REPAIRED] += census.repaired - before[0]
    ticks[DOUBTFUL] += census.doubtful - before[1]


def _rejected(census: Census, rejects: list[Reject], reject: Reject) -> None:
    census.reject(reject)
    rejects.append(reject)
