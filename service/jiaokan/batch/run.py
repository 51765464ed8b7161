"""A run: inputs in, outputs, rejects and a census out, whatever happens on the way.

Rules of this file: what is done is in the journal before it counts; what fails is told, and the rest goes on, unless
nothing more can be written; nothing is printed here.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from jiaokan.batch import work
from jiaokan.batch.census import Census
from jiaokan.batch.documents import Place, Reject
from jiaokan.batch.files import StoppedError
from jiaokan.batch.jobs import Failure, Job, Jobs
from jiaokan.batch.journal import Journal, Kept
from jiaokan.batch.outputs import InStream, Outputs
from jiaokan.batch.plan import STANDARD_INPUT, STATE, Input
from jiaokan.batch.work import BYTES, DOCUMENTS, DOUBTFUL, REPAIRED, Done, Joining, Orders, Task
from jiaokan.batch.workers import Bundle, Workers

# Small inputs that a worker is given at a time: so many at most, and so many bytes.
_MOST_TOGETHER: Final = 64
_LITTLE: Final = 1 << 18
# Seconds between two times that the progress is shown, and that the journal is brought to the disk.
_SHOW: Final = 0.2
_SYNC: Final = 1.0


class Progress(NamedTuple):
    """How far a run is.

    Attributes:
        documents: how many were looked at since it began or went on.
        size: their bytes.
        repaired: those in which something was changed.
        doubtful: those with doubts.
        read: bytes of the inputs, as they lie on the disk, that are done.
    """

    documents: int = 0
    size: int = 0
    repaired: int = 0
    doubtful: int = 0
    read: int = 0


class Summary(NamedTuple):
    """What a run has done, all of it, also before it was interrupted.

    Attributes:
        census: what was seen.
        rejects: how many documents are not in the outputs.
        failures: inputs that could not be read, and why; another run may read them.
        empty: inputs with records but without documents, such as where a field is not called so.
        seconds: how long it took since it began or went on.
    """

    census: Census
    rejects: int
    failures: Sequence[tuple[str, str]]
    empty: Sequence[str]
    seconds: float


@dataclass(slots=True)
class Run:
    """All that a run needs.

    Attributes:
        inputs: what to read.
        jobs: how it is cut into pieces.
        journal: what is done.
        outputs: where what is made goes.
        shown: where goes what is shown of the documents, if anything is.
        orders: what is done with every document.
        processes: how many at once.
        rejected: told of every reject, in order, at the end.
        watch: told of the progress, now and then.
    """

    inputs: Sequence[Input]
    jobs: Jobs
    journal: Journal
    outputs: Outputs
    shown: InStream | None
    orders: Orders
    processes: int
    rejected: Callable[[Reject], None]
    watch: Callable[[Progress], None]
    _failures: dict[int, str] = field(default_factory=dict)
    _ready: deque[Bundle] = field(default_factory=deque)
    _signatures: dict[int, object] = field(default_factory=dict)
    _read: int = 0

    def finish(self) -> Summary:
        """Do all that is not done yet.

        Raises:
            StoppedError: nothing more can be written.
            OSError: the stream cannot be written.
        """
        began = time.monotonic()
        bundles = self._bundles()
        while len(self._ready) < 2 and (bundle := next(bundles, None)) is not None:
            self._ready.append(bundle)
        if len(self._ready) == 1 and _little(self._ready[0]):
            self._do_here()
        elif self._ready:
            self._do_in_processes(bundles)
        self.journal.sync()
        return self._summary(time.monotonic() - began)

    def _do_here(self) -> None:
        """What is so little that a process for it would take longer."""
        ticks = [0] * (DOUBTFUL + 1)
        while self._ready:
            bundle = self._ready.popleft()
            if isinstance(bundle, Joining):
                self._told(bundle, work.joined(bundle))
                continue
            for task in bundle:
                self._told(task, work.done(task, self.orders, ticks))

    def _do_in_processes(self, bundles: Iterator[Bundle]) -> None:
        with closing(Workers(self.processes, self.orders)) as workers:
            shown = synced = time.monotonic()
            for told in workers.results(_Again(self._ready, bundles)):
                now = time.monotonic()
                if told:
                    self._told(*told)
                if now > shown + _SHOW:
                    self._show(workers.ticks)
                    shown = now
                if now > synced + _SYNC:
                    self.journal.sync()
                    synced = now
            self._show(workers.ticks)

    def _show(self, ticks: Sequence[int]) -> None:
        self.watch(Progress(ticks[DOCUMENTS], ticks[BYTES], ticks[REPAIRED], ticks[DOUBTFUL], self._read))

    def _bundles(self) -> Iterator[Bundle]:
        """What workers are given, in order; small inputs several at a time."""
        little: list[Task] = []
        for number, each in enumerate(self.inputs):
            if number in self.journal.finished or self._is_another(number, each):
                continue
            for job in self.jobs.of(number, each):
                if isinstance(job, Failure):
                    self._failed(job)
                elif self.journal.is_done(number, job.number):
                    self._read += job.size
                    if job.last:
                        self._advance(number, job)
                elif job.whole and job.size <= _LITTLE:
                    little.append(self._task(job))
                    if len(little) == _MOST_TOGETHER or sum(task.job.size for task in little) > _LITTLE:
                        yield little
                        little = []
                else:
                    yield [self._task(job)]
        if little:
            yield little

    def _task(self, job: Job) -> Task:
        target = self.outputs.target(job)
        draft = target.with_name(f"{STATE}-{job.input}-{job.number}") if target else None
        return Task(job, target, draft, self.shown.target(job) if self.shown else None)

    def _is_another(self, number: int, each: Input) -> bool:
        """Whether an input that was begun has changed since, so that its pieces do not fit together any more."""
        self._signatures[number] = _signature(each)
        before = self.journal.signature(number)
        if before is None or before == self._signatures[number]:
            return False
        self._fail(number, "it has changed since the run began: begin anew")
        return True

    def _told(self, task: Task | Joining, done: Done) -> None:
        if done.stop:
            raise StoppedError(done.failure)
        if isinstance(task, Joining):
            if done.failure:
                self._fail(task.input, done.failure)
            else:
                self.outputs.joined(task)
            return
        job = task.job
        if done.failure and done.again:
            self._fail(job.input, done.failure)
            return
        now = None if job.whole else _signature(self.inputs[job.input])
        if not job.whole and self._signatures[job.input] != now:
            self._fail(job.input, "it has changed while it was read: begin anew" if now else "it is not there any more")
            return
        if done.failure:
            done = self._rejected(job.input, done, done.failure)
        self._read += job.size
        kept = Kept(job.number, done.records, len(done.rejects), done.written, job.last, 0)
        self.journal.piece(job.input, kept, done, self._signatures[job.input])
        self._advance(job.input, job)
        self.jobs.drop(job)

    def _failed(self, failure: Failure) -> None:
        """An input ends here, for now or for good."""
        number = failure.input
        if failure.again:
            self._fail(number, failure.reason)
            return
        done = self._rejected(number, Done(0, False, Census(detailed=self.orders.detailed)), failure.reason)
        kept = Kept(failure.number, 0, 1, False, True, 0)
        self.journal.piece(number, kept, done, self._signatures[number])
        self._advance(number, None)

    def _advance(self, number: int, job: Job | None) -> None:
        self._ready.extend(self.outputs.advance(number, job))
        if self.shown:
            self._ready.extend(self.shown.advance(number, job))

    def _fail(self, number: int, reason: str) -> None:
        """An input is not finished in this run."""
        self._failures.setdefault(number, reason)
        self.outputs.left(number)
        if self.shown:
            self.shown.left(number)

    def _rejected(self, number: int, done: Done, reason: str) -> Done:
        """What was done, and that a piece or the rest of an input could not be."""
        reject = Reject(Place(self.inputs[number].path, 0), reason)
        done.census.reject(reject)
        return done._replace(rejects=[*done.rejects, reject])

    def _summary(self, seconds: float) -> Summary:
        census, rejects, records, documents = Census(detailed=self.orders.detailed), 0, Counter[int](), Counter[int]()
        for told in self.journal.told([each.path for each in self.inputs]):
            census.merge(told.census, told.behind)
            records[told.input] += told.records
            documents[told.input] += told.census.documents + len(told.rejects)
            rejects += len(told.rejects)
            for reject in told.rejects:
                self.rejected(reject)
        failures = [(self.inputs[number].path, reason) for number, reason in sorted(self._failures.items())]
        empty = [self.inputs[number].path for number in sorted(records) if records[number] and not documents[number]]
        return Summary(census, rejects, failures, empty, seconds)


class _Again:
    """Bundles that are ready, then those that are made; also after there were none, when more have become ready."""

    def __init__(self, ready: deque[Bundle], made: Iterator[Bundle]) -> None:
        self._ready, self._made = ready, made

    def __iter__(self) -> Iterator[Bundle]:
        return self

    def __next__(self) -> Bundle:
        return self._ready.popleft() if self._ready else next(self._made)


def _little(bundle: Bundle) -> bool:
    return isinstance(bundle, Joining) or sum(task.job.size for task in bundle) <= 4 * _LITTLE


def _signature(each: Input) -> list[int] | None:
    """What tells a file from another one of its name."""
    if each.path == STANDARD_INPUT:
        return None
    try:
        stat = os.stat(each.path)
    except OSError:
        return None
    return [stat.st_size, stat.st_mtime_ns]
