"""Errors as answers: every one is problem JSON (RFC 9457), and none tells what was in a text.

The kinds of problem are a table. Its names are part of the interface: clients tell problems apart by ``type``, which
is the path of a page that explains the kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, NamedTuple, NotRequired
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from typing_extensions import TypedDict
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable, UnprocessableEntity

from jiaokan.records import to_json
from jiaokan.web.traces import trace

PROBLEM: Final = "application/problem+json"
TYPES: Final = "/problems/"

FAILED: Final = "The repair failed. Nothing of the text was kept."

# A list of a million wrong names is told by its first few.
_MOST_FLAWS: Final = 20


class Kind(NamedTuple):
    """A kind of problem: its name, which never changes, its status, its title, and when it is met."""

    name: str
    status: int
    title: str
    when: str


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("malformed", 400, "Malformed body", "The body is not what it says: no JSON, no UTF-8, a broken archive."),
        Kind("unauthorized", 401, "Token needed", "No bearer token was given that is known here."),
        Kind("not-found", 404, "Not found", "There is nothing at this path."),
        Kind("method-not-allowed", 405, "Method not allowed", "The path has other methods; Allow names them."),
        Kind("not-acceptable", 406, "Not acceptable", "The Accept header allows no form that the answer can have."),
        Kind("too-large", 413, "Too large", "The body, or a line of it, is larger than this service takes."),
        Kind("unsupported-type", 415, "Unsupported type", "The Content-Type or Content-Encoding is not read here."),
        Kind("invalid", 422, "Invalid request", "A member or query key is unknown, or has a wrong type or value."),
        Kind("rate-limited", 429, "Too many requests", "More requests came than one client may make in this time."),
        Kind("bug", 500, "Bug", "The repair failed. The log has the place in the code, and nothing of the text."),
        Kind("busy", 503, "Busy", "As many requests are being worked on as this service takes at once."),
        Kind("not-ready", 503, "Not ready", "The language model is being loaded."),
        Kind("out-of-time", 503, "Out of time", "The repair took longer than this service gives one document."),
        Kind("crashed", 503, "Crashed", "The process that repaired the document ended, twice."),
        Kind("no-room", 507, "No room", "There is no room for answers that the client does not take."),
    )
}
_OF_STATUS: Final = {kind.status: kind for kind in reversed([*KINDS.values()])}


class Flaw(NamedTuple):
    """One thing that is wrong with a request: a JSON pointer (``#/skip/0``) or a query key (``?skip``), and why."""

    pointer: str
    detail: str


class Unprocessable(UnprocessableEntity):
    """A request that can be read and not followed."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = flaws[:_MOST_FLAWS]
        super().__init__("; ".join(f"{flaw.pointer} {flaw.detail}" for flaw in self.flaws))


class NotReady(ServiceUnavailable):
    """The tables are being loaded."""

    kind: ClassVar = KINDS["not-ready"]


class OutOfTime(ServiceUnavailable):
    """One document took longer than the settings allow. Trying again would not help, so no Retry-After."""

    kind: ClassVar = KINDS["out-of-time"]


class Crashed(ServiceUnavailable):
    """The process that repaired a document ended."""

    kind: ClassVar = KINDS["crashed"]


class NoRoom(HTTPException):
    """There is no room on the disk for answers that the client does not take."""

    code = 507
    description = "There is no room for answers that wait. Read the answers while you send, or send less at a time."


class FlawRecord(TypedDict):
    """One thing that is wrong with a request."""

    pointer: str
    """where: a JSON pointer into the body (#/skip/0), or a key of the query (?skip)"""
    detail: str
    """what"""


class Problem(TypedDict):
    """An error (RFC 9457)."""

    type: str
    """which kind of problem: the path of its explanation; it never changes"""
    title: str
    """the kind in words"""
    status: int
    """the status of the answer"""
    detail: str
    """what went wrong this time"""
    instance: NotRequired[str]
    """the path that was asked for; a line of a batch has none"""
    errors: NotRequired[list[FlawRecord]]
    """all that is wrong with the request, up to twenty"""


def install(app: Flask) -> None:
    """Make every error of ``app`` a problem, and keep the words of exceptions out of its log."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Exception, _unexpected)


def problem(error: HTTPException) -> Problem:
    """The members of the problem that ``error`` is.

    >>> problem(Unprocessable([Flaw("#/text", "is required")]))["type"]
    '/problems/invalid'
    """
    kind = _kind(error)
    members = Problem(
        type=TYPES + kind.name if kind.name in KINDS else "about:blank",
        title=kind.title,
        status=kind.status,
        detail=error.description or kind.when,
    )
    if isinstance(error, Unprocessable):
        members["errors"] = [FlawRecord(pointer=flaw.pointer, detail=flaw.detail) for flaw in error.flaws]
    return members


def _kind(error: HTTPException) -> Kind:
    own: Kind | None = getattr(error, "kind", None)
    status = error.code or InternalServerError.code
    return own or _OF_STATUS.get(status) or Kind("", status, error.name, "")


def _answer(error: HTTPException) -> Response:
    members = problem(error)
    members["instance"] = quote(request.path, errors="replace")
    answer = Response(to_json(members), members["status"])
    answer.headers.update(error.get_headers(request.environ))  # among them Allow, for 405
    answer.content_type = PROBLEM
    return answer


def _unexpected(error: Exception) -> Response:
    """A bug. Its message may quote the text, so only its kind and the places it passed are logged."""
    current_app.logger.error("%s", trace(error))
    return _answer(InternalServerError(FAILED))
