"""What a worker does with a job: read its piece, repair the documents, write what is made of it.

Rules of this file: everything that comes in or goes out can be pickled; an output stands whole or not at all.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

from jiaokan.batch import files, jobs
from jiaokan.batch.census import Census
from jiaokan.batch.documents import LONGEST, Added, Place, Reject, Repairer
from jiaokan.batch.jobs import Job
from jiaokan.batch.pieces import FormatName, InputError
from jiaokan.report import Repair

# What a worker tells while it works, for the progress and for the case that it dies: the number of documents of the job
# it was at, and how many documents, bytes, repaired and doubtful documents there were since it began.
MET, DOCUMENTS, BYTES, REPAIRED, DOUBTFUL = range(5)
Ticks = MutableSequence[int]

# What tells that nothing more can be written, whichever input it is.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be done with every document of a run.

    Attributes:
        options: arguments for ``rounds.repair`` but the source and the charset.
        charset: the charset of documents that declare none.
        wanted: what to tell of each.
        longest: bytes of a document at most.
        detailed: whether to count all that a report shows.
        backup: whether to keep what stands where an output goes.
        durable: whether what is written must outlive the machine: not what goes on to a stream.
        render: what to show of every repair, such as its diff, given the name of its input. Plain text only.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    charset: str | None = None
    wanted: tuple[Added, ...] = ()
    longest: int = LONGEST
    detailed: bool = False
    backup: bool = False
    durable: bool = True
    render: Callable[[str, Repair], bytes] | None = None


class Task(NamedTuple):
    """A job, where its output goes, and which of its documents are not to be tried again.

    Attributes:
        job: the piece.
        target: where to write; ``None`` to write nothing.
        shown: where to write what is shown of its documents, if anything is.
        barred: documents of the job, counted from 1, that ended the process which repaired them; and why.
    """

    job: Job
    target: Path | None
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
    """

    records: int
    written: bool
    census: Census
    rejects: Sequence[Reject] = ()
    failure: str = ""
    again: bool = False
    stop: bool = False


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
    ticks[MET] = 0

    def noted(place: Place, size: int, repair: Repair, start: int) -> None:
        _count(ticks, census, place, size, repair, start)
        if orders.render:
            shown.append(orders.render(place.path, repair))

    repairer = Repairer(
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
        with _target(task, orders) as target:
            records = jobs.module(job.format).rewrite(job.piece, target, job.shape, repairer)
            if job.format == "text" and rejects:
                raise _NothingError
        if task.shown:
            task.shown.write_bytes(b"".join(shown))
    except _NothingError:
        return Done(1, False, census, rejects)
    except Exception as error:
        return _failed(error, census, rejects, str(job.piece.path))
    return Done(records, task.target is not None, census, rejects)


class _NothingError(Exception):
    """The only document of an output was rejected."""


def _failed(error: Exception, census: Census, rejects: Sequence[Reject], path: str) -> Done:
    if isinstance(error, InputError):
        return Done(0, False, census, rejects, str(error))
    if isinstance(error, OSError):
        ours = error.errno in _FULL or (error.filename is not None and str(error.filename) != path)
        reason = f"{error.filename}: {error.strerror}" if ours and error.filename else error.strerror or str(error)
        return Done(0, False, census, rejects, reason, again=True, stop=ours)
    return Done(0, False, census, rejects, f"{type(error).__name__}: {error}", again=True)


def _target(task: Task, orders: Orders) -> AbstractContextManager[BinaryIO]:
    if task.target is None:
        return open(os.devnull, "wb")
    return files.drafted(task.target, orders.backup, orders.durable)


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
