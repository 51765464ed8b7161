"""Processes that repair. docs/decisions/0012-repairing-processes.md says why they are processes, and these.

Rules of this file: each process has a pipe of its own, which nothing else holds, so that the death of one harms no
other; a process that has taken too long is killed, never waited for; no document is waited for without a limit.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, resource_tracker
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Final, TypeVar

from werkzeug.exceptions import HTTPException, InternalServerError

from jiaokan.pipeline import repair_if_clean
from jiaokan.report import Repair
from jiaokan.web import work
from jiaokan.web.asked import Asked
from jiaokan.web.problems import FAILED, Crashed, OutOfTime
from jiaokan.web.traces import trace
from jiaokan.web.work import Answer, Answers, Form, Line, Tally, Wanted

_T = TypeVar("_T")

# Bytes or characters up to which a document is looked at in place. It takes 0.7 ms for as much; for larger ones
# the way to another process is nothing beside their repair.
_LOOKED_AT: Final = 64 * 1024
# Seconds after which lines of a batch come back with what is done: a single request waits no longer behind them.
_SHARE: Final = 0.2
# Processes that may die one after the other before they are ready.
_TRIES: Final = 3
# Seconds that a process has to start in; it takes 0.02, the first one of a server 1 on a busy machine.
_START: Final = 60
_LOG: Final = logging.getLogger("jiaokan")
_ENDS: Final = (signal.SIGINT, signal.SIGTERM)
_FORKS: Final = multiprocessing.get_context("forkserver")


class Repairers:
    """Processes that repair, each one document or some lines at a time, the first come first served.

    Args:
        processes: how many, at least 1. They start with ``start``, or when first needed.
        max_seconds: how long one document may take.
    """

    def __init__(self, processes: int, max_seconds: float) -> None:
        self.processes: Final = processes
        self._max_seconds = max_seconds
        self._all = tuple(_Repairer() for _ in range(processes))
        self._idle = _Idle(self._all)
        self._waiting, self._counting = 0, Lock()
        self._loaded = Event()
        # Before multiprocessing, at the end of this process, waits for those it started.
        self.close = Finalize(self, _close, [self._all], exitpriority=1)

    def start(self) -> None:
        """Start the processes, in the background."""
        Thread(target=self._start, name="repairers", daemon=True).start()

    def ready(self) -> bool:
        """Whether a process has loaded its tables, and none was told to end."""
        return self._loaded.is_set() and self.close.still_active()

    @property
    def waiting(self) -> int:
        """How many documents, or shares of a batch, are being repaired or wait for a process."""
        return self._waiting

    def answer(self, asked: Asked, form: Form) -> Answer:
        """The answer to a request: in place if nothing can be wrong with the document, else by a process.

        Raises:
            OutOfTime: it took longer than ``max_seconds``.
            Crashed: its process died, and so did the next.
            InternalServerError: a bug.
        """
        repaired = _in_place(asked)
        if repaired:
            return work.rendered(repaired, form)
        return self._twice(work.answer, asked, form)

    def answer_lines(self, lines: Sequence[Line], wanted: Wanted) -> Iterator[Answers]:
        """The answers to lines of a batch, in their order. A line that took too long, or that ended its process, has a
        problem in its place; those that only stood beside it are repaired once more."""
        while lines:
            ask = self._once if len(lines) > 1 else self._twice
            try:
                answers = ask(work.answer_lines, lines, wanted, _SHARE)
            except HTTPException as error:
                if len(lines) > 1:
                    for line in lines:
                        yield from self.answer_lines([line], wanted)
                else:
                    yield Answers(1, work.in_place(lines[0], error), Tally())
                return
            for bug in answers.bugs:
                _LOG.error("%s", bug)
            yield answers
            lines = lines[answers.done :]

    def _start(self) -> None:
        try:
            for _ in self._all:
                self._once(_nothing)
        except Crashed:  # the service ends before it has begun
            return
        except Exception as error:
            _LOG.error("%s", trace(error))

    def _twice(self, call: Callable[..., _T], *given: object) -> _T:
        try:
            return self._once(call, *given)
        except Crashed:
            return self._once(call, *given)

    def _once(self, call: Callable[..., _T], *given: object) -> _T:
        with self._counting:
            self._waiting += 1
        repairer = self._idle.take()
        try:
            if not self.close.still_active():
                raise Crashed("The service is about to end.")
            result = repairer.ask(self._max_seconds, call, *given)
            self._loaded.set()
            return result
        finally:
            self._idle.give(repairer)
            with self._counting:
                self._waiting -= 1


class _Idle:
    """The repairers that have nothing to do, handed out in the order in which they are asked for.

    A plain queue lets one thread that gives and takes in turn go before all that wait.
    """

    def __init__(self, repairers: Sequence[_Repairer]) -> None:
        self._lock = Lock()
        self._idle = deque(repairers)
        self._waiting = deque[SimpleQueue[_Repairer]]()

    def take(self) -> _Repairer:
        with self._lock:
            if self._idle:
                return self._idle.popleft()
            mine = SimpleQueue[_Repairer]()
            self._waiting.append(mine)
        return mine.get()

    def give(self, repairer: _Repairer) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(repairer)
            else:
                self._idle.append(repairer)


class _Repairer:
    """One process and the pipe to it. One thread at a time asks it."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: connection.Connection | None = None
        self._ended = False

    def ask(self, seconds: float, call: Callable[..., _T], *given: object) -> _T:
        """What ``call`` returns in the process, within the seconds."""
        try:
            pipe = self._started()
            pipe.send((call, given))
            if not pipe.poll(seconds):
                self.stop()
                raise OutOfTime(f"The document takes longer than {seconds:g} seconds.")
            result, bug = pipe.recv()
        except (EOFError, OSError):
            self.stop()
            raise Crashed("The document ended the process that repaired it.") from None
        if bug:
            _LOG.error("%s", bug)
            raise InternalServerError(FAILED)
        return result  # type: ignore[no-any-return]

    def _started(self) -> connection.Connection:
        """The pipe to a process that lives; what has nothing to do has nothing to say but that it is gone."""
        if self._pipe and not self._pipe.poll():
            return self._pipe
        for _ in range(_TRIES):
            self.stop()
            if pipe := self._start():
                return pipe
        _LOG.error("no process to repair with starts")
        raise Crashed("No process to repair with starts.")

    def _start(self) -> connection.Connection | None:
        """The pipe to a new process, once it is ready; ``None`` if it died before."""
        _FORKS.set_forkserver_preload(["jiaokan.web.tables"])
        self._pipe, its = _FORKS.Pipe()
        process = _FORKS.Process(target=_repair, args=(its,), name="repairer", daemon=True)
        with _deaf():
            process.start()
        its.close()
        self._process = process
        if self._ended:
            raise EOFError
        try:
            return self._pipe if self._pipe.poll(_START) and self._pipe.recv() else None
        except (EOFError, OSError):
            return None

    def end(self) -> None:
        """End the process for good, while another thread may be waiting for it."""
        self._ended = True
        if self._process:
            self._process.kill()

    def stop(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.kill()
            self._process.join()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None


@contextmanager
def _deaf() -> Iterator[None]:
    """Block what tells the whole group to end: what is started meanwhile, the process that forks first of all, never
    hears it, and ends when the server has."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        resource_tracker.ensure_running()  # which lets them in again; once it runs, it does not
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _close(repairers: Sequence[_Repairer]) -> None:
    for repairer in repairers:
        repairer.end()


def _in_place(asked: Asked) -> Repair | None:
    if len(asked.source) > _LOOKED_AT or asked.options.get("dropped_words"):
        return None
    return repair_if_clean(asked.source, charset=asked.charset, punctuation=asked.options.get("punctuation", "keep"))


def _repair(pipe: connection.Connection) -> None:
    """The life of a process: what is asked through the pipe, one after the other, until the server has gone."""
    for each in _ENDS:  # the server decides when what runs has ended
        signal.signal(each, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the server has gone
        pipe.send("ready")
        while True:
            call, given = pipe.recv()
            try:
                told = call(*given), ""
            except Exception as error:
                told = None, trace(error)
            pipe.send(told)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(0)


def _nothing() -> None:
    """Asked of a process, to see that it answers."""
