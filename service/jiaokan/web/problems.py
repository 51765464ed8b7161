"""Errors as answers: every one is problem JSON (RFC 9457), and none tells what was in a text."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError, UnprocessableEntity
from werkzeug.http import HTTP_STATUS_CODES

from jiaokan.records import to_json

# A list of a million wrong names is told by its first few.
_MOST_FLAWS: Final = 20


class Flaw(NamedTuple):
    """One thing that is wrong with a request: a JSON pointer (``#/skip/0``) or a query key (``?skip``), and why."""

    pointer: str
    detail: str


class Unprocessable(UnprocessableEntity):
    """A request that can be read and not followed."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = flaws[:_MOST_FLAWS]
        super().__init__("; ".join(f"{flaw.pointer} {flaw.detail}" for flaw in self.flaws))


def install(app: Flask) -> None:
    """Make every error of ``app`` a problem, and keep the words of exceptions out of its log."""
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(Exception, _unexpected)


def members(error: HTTPException) -> dict[str, Any]:
    """The members of the problem that an error is.

    >>> members(InternalServerError("It broke."))
    {'type': 'about:blank', 'title': 'Internal Server Error', 'status': 500, 'detail': 'It broke.'}
    """
    status = error.code or InternalServerError.code
    told = {"type": "about:blank", "title": HTTP_STATUS_CODES[status], "status": status, "detail": error.description}
    return told | {"errors": [flaw._asdict() for flaw in error.flaws]} if isinstance(error, Unprocessable) else told


def places(error: Exception) -> str:
    """The kind of a bug and the places it passed, without its message, which may quote a text."""
    passed = (f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} at {' < '.join(reversed(list(passed)))}"


def _problem(error: HTTPException) -> Response:
    told = members(error)
    answer = Response(to_json(told | {"instance": quote(request.path, errors="replace")}), told["status"])
    answer.headers.update(error.get_headers(request.environ))  # among them Allow, for 405
    answer.content_type = "application/problem+json"
    return answer


def _unexpected(error: Exception) -> Response:
    """A bug. Its message may quote the text, so only its kind and the places it passed are logged."""
    current_app.logger.error("%s", places(error))
    return _problem(InternalServerError("The repair failed. Nothing of the text was kept."))
