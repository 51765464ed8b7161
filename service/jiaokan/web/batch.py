"""Many documents in one request: a line of JSON for each, a line of JSON for each answer, in the same order.

A thread reads the body, as many threads as there are processes have shares of it repaired (``window``), and the answers
wait in a ``spool`` until the client takes them: so that a client may read while it sends, or send all before it reads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Final, NamedTuple, cast

from flask import Request, Response
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from jiaokan.web import answers, asked, bodies, work
from jiaokan.web.problems import FAILED, NoRoom, Unprocessable
from jiaokan.web.repairers import Repairers
from jiaokan.web.shapes import BatchOptions, Options
from jiaokan.web.spool import Spool
from jiaokan.web.traces import trace
from jiaokan.web.window import Window
from jiaokan.web.work import Line, Tally, Wanted

NDJSON: Final = "application/x-ndjson"
TAKEN: Final = (NDJSON, "application/jsonl", "application/json-lines")
_LOG: Final = logging.getLogger("jiaokan")


class Limits(NamedTuple):
    """How long a line may be, how long a whole body, both in bytes, and how many documents it may hold."""

    line: int
    body: int
    documents: int


def answer(
    request: Request, repairers: Repairers, limits: Limits, on_tally: Callable[[Tally], object] = lambda _: None
) -> Response:
    """The answer to a batch, made while it is sent.

    Raises:
        UnsupportedMediaType: the body is not lines of JSON, or in a coding that is not read here.
        Unprocessable: the query holds what is not known or not allowed.
    """
    if request.mimetype not in TAKEN:
        raise UnsupportedMediaType(f"The Content-Type must be {', '.join(TAKEN[:-1])} or {TAKEN[-1]}.")
    wanted = _wanted(request, limits)
    batch = Batch(request, repairers, wanted, limits, on_tally)
    return answers.answer(batch.answers(), NDJSON, asked.language(wanted.defaults))


def _wanted(request: Request, limits: Limits) -> Wanted:
    options, flaws = asked.from_query(request, BatchOptions)
    members = options.pop("members", None)
    if flaws:
        raise Unprocessable(flaws)
    return Wanted(cast(Options, options), None if members is None else frozenset(members), limits.line)


class Batch:
    """One batch on its way."""

    def __init__(
        self,
        request: Request,
        repairers: Repairers,
        wanted: Wanted,
        limits: Limits,
        on_tally: Callable[[Tally], object],
    ) -> None:
        self._pieces = bodies.pieces(request, limits.body)
        # Who does not say how much comes may send no more, and wait for the answer.
        self._heard_out = None if request.content_length is None else request.environ
        self._repairers, self._wanted, self._limits, self._on_tally = repairers, wanted, limits, on_tally
        self._spool = Spool()
        self._window = Window(self._spool.write, repairers.processes)
        self._last = b""
        self._line = 1  # the next one

    def answers(self) -> Iterator[bytes]:
        """The answers, as they come; when nobody wants them any more, what waits is dropped."""
        Thread(target=self._read, name="batch", daemon=True).start()
        try:
            while piece := self._spool.read():
                yield piece
        finally:
            self._window.cancel()
            self._spool.close()

    def _read(self) -> None:
        """Read the body to its end, and end the answers when all have been given."""
        try:
            self._share_out()
            if self._last and self._heard_out is not None:
                bodies.hear_out(self._heard_out, self._limits.line)
        finally:
            self._spool.end(self._last)

    def _share_out(self) -> None:
        """Put the lines into the window, and wait until nothing is left in it."""
        takers: list[Thread] = []
        try:
            for lines in self._lines():
                if not self._window.put(lines):
                    break
                for _ in lines[: self._repairers.processes - len(takers)]:
                    takers.append(Thread(target=self._take, name="batch", daemon=True))
                    takers[-1].start()
        except HTTPException as error:
            self._fail(error)
        except Exception as error:
            self._bug(error)
        self._window.end()
        for taker in takers:
            taker.join()

    def _lines(self) -> Iterator[list[Line]]:
        """The lines that hold a document, as they come."""
        documents = 0
        for raws in bodies.lines(self._pieces, self._limits.line):
            numbered = [(n, raw) for n, raw in enumerate(raws, self._line) if raw is None or raw.strip()]
            more = self._limits.documents - documents
            documents += len(numbered)
            self._line = numbered[more][0] if len(numbered) > more else self._line + len(raws)
            if numbered:
                yield numbered[:more]
            if len(numbered) > more:
                raise RequestEntityTooLarge(f"A batch must not hold more than {self._limits.documents} documents.")

    def _take(self) -> None:
        """Have shares repaired as long as there are any."""
        try:
            while share := self._window.take():
                for answers in self._repairers.answer_lines(share.lines, self._wanted):
                    self._window.give(share, answers.body)
                    self._on_tally(answers.tally)
                self._window.finish(share)
        except OSError:  # of the spool
            self._fail(NoRoom())
            self._window.cancel()
        except Exception as error:
            self._bug(error)
            self._window.cancel()

    def _bug(self, error: Exception) -> None:
        _LOG.error("%s", trace(error))
        self._fail(InternalServerError(FAILED))

    def _fail(self, error: HTTPException) -> None:
        """Let the answers end with a problem."""
        self._last = self._last or work.in_place((self._line, b""), error)
