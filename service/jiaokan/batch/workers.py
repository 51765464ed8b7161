"""Processes that do tasks, several at a time. A task that ends its process costs one document, not the run.

Rules of this file: each process has a pipe of its own, so that the death of one harms no other; a process ends when
the one that started it has; no task is lost, and none is told twice.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection, parent_process
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawArray
from threading import Thread
from typing import Any, Final, cast

from jiaokan.batch import work
from jiaokan.batch.census import Census
from jiaokan.batch.work import MET, Done, Joining, Orders, Task, Ticks

# What a worker is given at a time: what is joined, or tasks that are told one by one.
Bundle = Sequence[Task] | Joining
# A task and what became of it; ``None`` when some time has gone by.
Told = tuple[Task | Joining, Done] | None

# Seconds between two looks at the progress.
_TICK: Final = 0.2
_ENDS: Final = (signal.SIGINT, signal.SIGTERM)
# A process shares with the one that forks it all that is loaded, which takes no time and no memory; there are no
# threads yet that a fork could harm.
_CONTEXT: Final[BaseContext] = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


class Workers:
    """Processes that do tasks.

    Args:
        processes: how many, at least 1.
        orders: what to do with every document.
    """

    def __init__(self, processes: int, orders: Orders) -> None:
        self._all = [_Worker(orders) for _ in range(processes)]

    def results(self, bundles: Iterator[Bundle]) -> Iterator[Told]:
        """What became of the tasks, as they are done; and now and then nothing, when time has gone by.

        A bundle is taken when a process is free for it: what is yielded may make further bundles.
        """
        while True:
            for worker in self._all:
                if worker.free and (bundle := next(bundles, None)) is not None:
                    worker.give(bundle)
            busy = [worker for worker in self._all if not worker.free]
            if not busy:
                return
            ready = connection.wait([worker.pipe for worker in busy], _TICK)
            for worker in busy:
                if worker.pipe in ready:
                    yield from worker.told()
            yield None

    @property
    def ticks(self) -> list[int]:
        """The sum of what the workers tell while they work, by the constants of ``work``."""
        return [sum(column) for column in zip(*(worker.ticks for worker in self._all), strict=True)]

    def close(self) -> None:
        """End the processes, whatever they do."""
        for worker in self._all:
            worker.stop()


class _Worker:
    """One process, the pipe to it, and what it is at."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._process: BaseProcess | None = None
        self._waiting = deque[Task | Joining]()
        self.ticks = cast(Ticks, RawArray("Q", work.DOUBTFUL + 1))

    @property
    def free(self) -> bool:
        return not self._waiting

    def give(self, bundle: Bundle) -> None:
        self._waiting.extend([bundle] if isinstance(bundle, Joining) else bundle)
        self._ask()

    def told(self) -> Iterator[tuple[Task | Joining, Done]]:
        """What it has to tell; if it has died, it is told what remains anew."""
        try:
            done: Done = self.pipe.recv()
        except (EOFError, OSError):
            yield from self._died()
        else:
            yield self._waiting.popleft(), done

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
            self.pipe.close()
        self._process = None

    def _ask(self) -> None:
        if not self._process:
            self._start()
        self.pipe.send(list(self._waiting))

    def _start(self) -> None:
        self.pipe, its = _CONTEXT.Pipe()
        self._process = cast(Any, _CONTEXT).Process(target=_work, args=(its, self._orders, self.ticks), daemon=True)
        with _deaf():
            self._process.start()
        its.close()

    def _died(self) -> Iterator[tuple[Task | Joining, Done]]:
        """Start anew without the document that it was at, or without the task if it was at none."""
        process = cast(BaseProcess, self._process)
        process.join()
        reason = f"it ended the process that repaired it ({_ending(process.exitcode or 0)})"
        self.stop()
        task = self._waiting.popleft()
        if isinstance(task, Task) and (met := self.ticks[MET]) not in (0, *task.barred):
            self._waiting.appendleft(task._replace(barred={**task.barred, met: reason}))
        else:
            yield task, Done(0, False, Census(), failure=reason, again=True)
        if self._waiting:
            self._ask()


def _ending(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}: out of memory, perhaps" if name == "SIGKILL" else name


def _work(pipe: connection.Connection, orders: Orders, ticks: Ticks) -> None:
    """What a worker does: tasks, until it is told no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is heard by the whole group; the run is ended by one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
    Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            tasks: list[Task | Joining] = pipe.recv()
        except EOFError:
            return
        for task in tasks:
            ticks[MET] = 0
            pipe.send(work.joined(task) if isinstance(task, Joining) else work.done(task, orders, ticks))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
    os._exit(1)


@contextmanager
def _deaf() -> Iterator[None]:
    """Have a process that is started meanwhile hear no signal before it can tell what to do with it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
