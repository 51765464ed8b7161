"""A request as values: what is to be repaired, and how.

A request is JSON with a text, a form with a file, or the raw bytes of a document. Options are keys of the query, and
members of the JSON, which come first. All is checked in full before any repair starts, and all that is wrong is told
at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, cast

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from jiaokan.web.problems import Flaw, Unprocessable
from jiaokan.web.shapes import DetectOptions, DetectRequest, Options, RepairRequest, checked

JSON: Final = "application/json"
TEXT: Final = "text/plain"
BYTES: Final = "application/octet-stream"
FORM: Final = "multipart/form-data"

_PIECE: Final = 64 * 1024  # bytes read at a time of what is not wanted
_FILE: Final = "file"
_LISTS: Final = ("skip", "dropped_words")
_BODY_OF: Final[Mapping[type, type]] = {Options: RepairRequest, DetectOptions: DetectRequest}


@dataclass(frozen=True, slots=True)
class Asked:
    """A document to repair, the charset it is declared to have, and the options that were given."""

    source: str | bytes
    charset: str | None
    options: Options


def read(request: Request, options: type = Options) -> Asked:
    """What the request asks for; ``options`` is the shape of the options it may use.

    Raises:
        BadRequest: the body says it is JSON or a form, and is not.
        RequestEntityTooLarge: the body is larger than the settings allow.
        UnsupportedMediaType: the body is of a type or in a coding that is not read here.
        Unprocessable: the body or the query holds what is not known or not allowed.
    """
    reader = _READERS.get(request.mimetype)
    if reader is None:
        raise UnsupportedMediaType(f"The Content-Type must be {', '.join(_READERS)}.")
    return reader(request, options)


def _body(request: Request) -> bytes:
    """The body, if it keeps to the limit of the settings."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body must not be compressed: no Content-Encoding is read here.")
    most = request.max_content_length or 0
    # Werkzeug ends a body of unknown length at its limit without a word, as if it were complete. One byte more
    # shows the difference.
    request.max_content_length = most + 1
    if (request.content_length or 0) > most or len(body := request.get_data(cache=False)) > most:
        _hear_out(request, most)
        raise RequestEntityTooLarge(f"The body must not be larger than {most} bytes.")
    return body


def _hear_out(request: Request, most: int) -> None:
    """Read on, at most ``most`` bytes: a client that is cut off while it sends may never read the answer."""
    if request.environ.get("wsgi.input_terminated"):  # elsewhere, reading past the end waits forever
        stream, heard = request.environ["wsgi.input"], 0
        while heard < most and (piece := stream.read(min(_PIECE, most - heard))):
            heard += len(piece)


def _from_json(request: Request, options: type) -> Asked:
    asked = _checked(request, options, _parsed(_body(request)), _BODY_OF[options])
    return Asked(asked.pop("text"), None, cast(Options, asked))


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: byte {error.start} fits no character.") from None
    except json.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except (ValueError, RecursionError):  # a number too long, brackets too deep
        raise BadRequest("The body is JSON that is too long a number or too deeply nested.") from None


def _from_raw(request: Request, options: type) -> Asked:
    asked = _checked(request, options, {}, options)
    return Asked(_body(request), request.mimetype_params.get("charset"), cast(Options, asked))


def _from_form(request: Request, options: type) -> Asked:
    names, files = _parts(request)
    documents = files.pop(_FILE, [])
    flaws = [Flaw(f"#/{name}", "is not known here: options stand in the query") for name in (*names, *files)]
    if len(documents) != 1:
        flaws.append(Flaw(f"#/{_FILE}", "is given twice" if documents else "is required"))
    asked = _checked(request, options, {}, options, flaws)
    return Asked(*documents[0], cast(Options, asked))


def _checked(
    request: Request, options: type, body: object, shape: type, more_flaws: Sequence[Flaw] = ()
) -> dict[str, Any]:
    """The options of the query, and the members of the body, which come first where both name one.

    Raises:
        Unprocessable: with all that is wrong with either, and ``more_flaws``.
    """
    asked, flaws = checked(_fields(request.args), options, "?")
    members, others = checked(body, shape, "#/")
    if flaws := [*flaws, *others, *more_flaws]:
        raise Unprocessable(flaws)
    return {**asked, **members}


def _parts(request: Request) -> tuple[list[str], dict[str, list[tuple[bytes, str | None]]]]:
    """The names of the fields of a form, and its files: their bytes and the charset that each is declared to have."""
    body, boundary = _body(request), request.mimetype_params.get("boundary", "")
    try:
        fields, uploads = _parser().parse(BytesIO(body), boundary.encode("latin-1"), len(body))
    except (ValueError, RequestEntityTooLarge):
        raise BadRequest("The body is not a form with the boundary that its Content-Type names.") from None
    files: dict[str, list[tuple[bytes, str | None]]] = {}
    for name, upload in uploads.items(multi=True):
        _, declared = parse_options_header(upload.content_type)
        files.setdefault(name, []).append((upload.read(), declared.get("charset")))
    return list(fields), files


def _fields(given: MultiDict[str, str]) -> dict[str, Any]:
    """The values of a query, as the shapes have them: a list where one is wanted, or where there are many."""
    return {name: found if name in _LISTS or len(found) > 1 else found[0] for name, found in given.lists()}


def _parser() -> MultiPartParser:
    return MultiPartParser(lambda *_, **__: BytesIO())  # by default, large files would be written to the disk


_READERS: Final[Mapping[str, Callable[[Request, type], Asked]]] = {
    JSON: _from_json,
    TEXT: _from_raw,
    BYTES: _from_raw,
    FORM: _from_form,
}
