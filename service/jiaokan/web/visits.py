"""One request from its first byte to its last: what is known of it, and who hears when it begins and ends.

This is WSGI, around Flask, because only here it is seen when a streamed answer has ended, or was given up by a client
that went away: the server then closes the answer. Whatever must be let go at the end (a place at the gate) or counted
there (bytes, seconds) hangs on this, and on nothing that Flask might leave out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from random import getrandbits
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from flask import Flask, request

from jiaokan.web.traces import trace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_T = TypeVar("_T")

Header = tuple[str, str]
Hearer = Callable[["Visit"], None]

# A name for a route that there is not, and for a method that nobody knows: what a client makes up must not become a
# label or a word of the log.
UNMATCHED: Final = "unmatched"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Ids that proxies make are of this kind: UUIDs, hexadecimal digits, base64.
_ID: Final = re.compile(r"[\w.~:/+=@-]{1,128}", re.ASCII)

_ID_BITS: Final = 128  # as many as a UUID has; they are to differ, and need not be secret

_log: Final = logging.getLogger("jiaokan.web")
_current: ContextVar[Visit | None] = ContextVar("visit", default=None)


class Counted(Protocol):
    """What was done with one or more documents: ``work.Tally``, by its attributes."""

    @property
    def documents(self) -> int:
        """How many."""

    @property
    def characters(self) -> int:
        """In all of them."""

    @property
    def edits(self) -> Mapping[str, int]:
        """Findings applied, by the name of their fault."""

    @property
    def doubts(self) -> Mapping[str, int]:
        """Findings not applied, by the name of their fault."""


class Visit:
    """One request, filled in as it goes along.

    Attributes:
        id: its ``X-Request-ID``.
        rule: the route as it is written in the code, never the path.
        client: the name of its token, else the address it came from.
        received: bytes of the body: as declared, or as far as it was read if it came without a length.
        sent: bytes of the answer's body that the server took.
        complete: whether the answer was taken to its end.
        seconds: from the first byte to the end of the answer; 0 until then.
        inside: whether it holds a place at the gate.
    """

    __slots__ = (
        *("began", "characters", "client", "complete", "documents", "doubts", "edits", "id", "inside"),
        *("method", "received", "rule", "seconds", "sent", "status"),
    )

    def __init__(self, environ: WSGIEnvironment) -> None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        self.id: str = given if _ID.fullmatch(given) else f"{getrandbits(_ID_BITS):032x}"
        method = environ["REQUEST_METHOD"]
        self.method: str = method if method in _METHODS else "OTHER"
        self.rule = UNMATCHED
        self.client: str = environ.get("REMOTE_ADDR", "")
        length = environ.get("CONTENT_LENGTH", "")
        self.received = int(length) if length.isdecimal() else 0
        self.began = perf_counter()
        self.seconds = 0.0
        self.status = self.sent = self.documents = self.characters = self.edits = self.doubts = 0
        self.complete = self.inside = False

    def count(self, tally: Counted) -> None:
        """Add what was done with some documents of this request."""
        self.documents += tally.documents
        self.characters += tally.characters
        self.edits += sum(tally.edits.values())
        self.doubts += sum(tally.doubts.values())


def current() -> Visit | None:
    """The request that this thread works on, also while it makes the parts of a streamed answer."""
    return _current.get()


class Visits:
    """The WSGI application around Flask's own.

    Attributes:
        begun: called with each visit at its first byte.
        arrived: called with each visit once its route is known, before its view; what one raises is the answer.
        ended: called with each visit exactly once, when there is no more to send.
    """

    def __init__(self, inner: WSGIApplication) -> None:
        self.begun: list[Hearer] = []
        self.arrived: list[Hearer] = []
        self.ended: list[Hearer] = []
        self._inner = inner
        self._headers: list[tuple[str, Header]] = []

    def put_on_every_answer(self, headers: Iterable[Header]) -> None:
        """Add ``headers`` to every answer that does not set the same ones itself."""
        self._headers += [(name.lower(), (name, value)) for name, value in headers]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer, in one piece if its length is known."""
        visit = Visit(environ)
        if "CONTENT_LENGTH" not in environ and visit.method not in ("GET", "HEAD"):
            environ["wsgi.input"] = _Counting(environ["wsgi.input"], visit)
        whole = False

        def start(status: str, headers: list[Header], exc_info: Any = None) -> Callable[[bytes], object]:
            nonlocal whole
            visit.status = int(status[:3])
            present = {name.lower() for name, _ in headers}
            whole = "content-length" in present
            headers += [pair for name, pair in self._headers if name not in present]
            headers.append(("X-Request-ID", visit.id))
            return start_response(status, headers, exc_info)

        for hear in self.begun:
            hear(visit)
        answer = _Answer(visit, self._end)
        answer.open(lambda: self._inner(environ, start))
        # What has a length is here already. In one piece it leaves granian's threads free while it is sent.
        return [answer.drained()] if whole else answer

    def arrive(self) -> None:
        """Name the route, then ask everyone whether the visit may go on."""
        visit = _current.get()
        if visit is None:
            return  # Flask was called past this application, by its own tests
        if (rule := request.url_rule) is not None:
            visit.rule = rule.rule
        for hear in self.arrived:
            hear(visit)

    def _end(self, visit: Visit) -> None:
        visit.seconds = perf_counter() - visit.began
        for hear in self.ended:
            hear(visit)


class BrokenOffError(Exception):
    """The answer could not be made to its end; the log has the reason."""


class _Answer:
    """The parts of an answer, counted; its end is told once, whoever is the reason for it."""

    def __init__(self, visit: Visit, end: Hearer) -> None:
        self._visit = visit
        self._end: Hearer | None = end
        self._parts: Iterable[bytes] = ()
        self._next: Callable[[], bytes] = iter(()).__next__

    def open(self, call: Callable[[], Iterable[bytes]]) -> None:
        """Take the parts from the application."""
        self._parts = self._guarded(call)
        self._next = iter(self._parts).__next__

    def drained(self) -> bytes:
        """All parts at once, and the end."""
        body = self._guarded(lambda: b"".join(self._parts))
        self._visit.sent = len(body)
        self._visit.complete = True
        self.close()
        return body

    def __iter__(self) -> _Answer:
        return self

    def __next__(self) -> bytes:
        part = self._guarded(self._next)
        self._visit.sent += len(part)
        return part

    def close(self) -> None:
        """The server is done with the answer: at its end, or because the client has gone."""
        end, self._end = self._end, None
        if end is None:
            return
        try:
            if close := getattr(self._parts, "close", None):
                self._guarded(close)
        finally:
            end(self._visit)

    def _guarded(self, call: Callable[[], _T]) -> _T:
        """What ``call`` returns. An exception is logged without its words, which the server would print."""
        token = _current.set(self._visit)
        try:
            return call()
        except StopIteration:
            self._visit.complete = True
            raise
        except Exception as error:
            _log.error("the answer broke off: %s", trace(error))
        finally:
            _current.reset(token)
        self.close()
        raise BrokenOffError


class _Counting:
    """The body of a request that came without a length: how much of it was read is counted."""

    def __init__(self, stream: Any, visit: Visit) -> None:
        self._stream = stream
        self._visit = visit

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read(size) if size >= 0 else self._stream.read())

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._stream.readline(size) if size >= 0 else self._stream.readline())

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _counted(self, piece: bytes) -> bytes:
        self._visit.received += len(piece)
        return piece


def install(app: Flask) -> Visits:
    """Put ``Visits`` around ``app``, once."""
    visits: Visits | None = app.extensions.get("visits")
    if visits is None:
        visits = app.extensions["visits"] = Visits(app.wsgi_app)
        app.wsgi_app = visits  # type: ignore[method-assign]
        app.before_request(visits.arrive)
    return visits
