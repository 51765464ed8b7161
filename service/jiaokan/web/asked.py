"""A request as values: what is to be repaired, and how.

A request is JSON with a text, a form with a file, or the raw bytes of a document. Options are keys of the query, and
members of the JSON, which come first. All is checked in full before any repair starts, and all that is wrong is told
at once. How many items there are is counted in the bytes, before anything is made of them: five million empty lists
are 16 KB on the wire.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any, Final, cast

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from jiaokan.web import bodies
from jiaokan.web.problems import Flaw, Unprocessable
from jiaokan.web.shapes import (
    MAX_VALUES,
    BatchLine,
    DetectOptions,
    DetectRequest,
    Id,
    Options,
    RepairRequest,
    checked,
    pointer,
)

JSON: Final = "application/json"
TEXT: Final = "text/plain"
BYTES: Final = "application/octet-stream"
FORM: Final = "multipart/form-data"

_FILE: Final = "file"
MEMBERS: Final = "members"  # a list with commas; words may have them, so that lists of words are keys that recur
_LISTS: Final = ("skip", "dropped_words")
# The tokens of JSON that are counted: strings, and what stands in front of an item: a comma, or the opening of its
# array or object. An item is one of the latter, and perhaps a string. The pattern never turns back.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{,]', re.DOTALL)
_MAX_TOKENS: Final = 2 * MAX_VALUES
# A form needs one part, the file, whose head is some 100 bytes. A head of 4-byte lines takes 40 times its bytes in
# memory: 25 MB for the most that is allowed here. werkzeug needs room for two pieces of what it reads.
_MAX_PARTS: Final = 20
_MAX_HEAD_BYTES: Final = 32 * 1024
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
        BadRequest: the body is not what it says it is: JSON, a form, gzip, zstd.
        RequestEntityTooLarge: the body is larger than the settings allow.
        UnsupportedMediaType: the body is of a type or in a coding that is not read here.
        Unprocessable: the body or the query holds what is not known or not allowed.
    """
    reader = _READERS.get(request.environ.get("CONTENT_TYPE", "")) or _READERS.get(request.mimetype)
    if reader is None:
        raise UnsupportedMediaType(f"The Content-Type must be {', '.join(_READERS)}.")
    return reader(request, options)


class BadLine(Unprocessable):
    """A line of a batch that can be read and not followed, with the ``id`` it gave."""

    def __init__(self, flaws: Sequence[Flaw], given: Id | None) -> None:
        self.given = given
        super().__init__(flaws)


def from_line(line: bytes, defaults: Options) -> tuple[Asked, Id | None]:
    """What a line of a batch asks for, and its ``id``: a JSON string, or an object with options and the text.

    >>> from_line('{"text": "問題", "id": 7, "script": "keep"}'.encode(), {"consent": "certain"})
    (Asked(source='問題', charset=None, options={'consent': 'certain', 'script': 'keep'}), 7)

    Raises:
        BadRequest: it is not JSON.
        Unprocessable: it holds what is not known or not allowed; as a BadLine, unless it has too many items.
    """
    value = _parsed(line, "line")
    body = {"text": value} if isinstance(value, str) else value
    members, flaws = checked(body, BatchLine, "#/")
    if flaws:
        raise BadLine(flaws, _id(body))
    options = {**defaults, **members}
    given = options.pop("id", None)
    return Asked(options.pop("text"), None, cast(Options, options)), given


def _id(body: object) -> Id | None:
    """The ``id`` of a line with flaws, if that is none of them."""
    given = body.get("id") if isinstance(body, dict) else None
    return None if checked({"text": "", "id": given}, BatchLine, "")[1] else given


def from_query(request: Request, shape: type) -> tuple[dict[str, Any], list[Flaw]]:
    """The options in a query, and all that is wrong with them.

    Raises:
        Unprocessable: there are too many.
    """
    given = {name: _value(name, found) for name, found in _args(request).lists()}
    asked, flaws = checked(given, shape, "?")
    return dict(asked), flaws


def _args(request: Request) -> MultiDict[str, str]:
    """The keys of the query.

    Raises:
        Unprocessable: there are too many.
    """
    if request.query_string.count(b"&") >= MAX_VALUES:
        raise Unprocessable([Flaw("?", f"should have at most {MAX_VALUES} keys")])
    return request.args


def _value(name: str, found: list[str]) -> str | list[str]:
    if name == MEMBERS:
        return [each for several in found for each in several.split(",", MAX_VALUES)]
    return found if name in _LISTS or len(found) > 1 else found[0]


def language(options: Options) -> str:
    """The language of a text that was repaired with these options, as BCP 47 names it."""
    return "zh" if options.get("script") == "keep" else "zh-Hans"


def _body(request: Request) -> bytes:
    """The body, unpacked, if it keeps to the limit of the settings."""
    return bodies.whole(request, request.max_content_length or 0)


def _from_json(request: Request, options: type) -> Asked:
    asked = _checked(request, options, _parsed(_body(request), "body"), _BODY_OF[options])
    return Asked(asked.pop("text"), None, cast(Options, asked))


def _parsed(body: bytes, what: str) -> object:
    if _has_too_many_tokens(body):
        raise Unprocessable([Flaw("#", f"should have at most {_MAX_TOKENS} strings, commas and opening brackets")])
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {what} is not UTF-8: byte {error.start} fits no character.") from None
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if what == "line" else f"line {error.lineno}, column {error.colno}"
        raise BadRequest(f"The {what} is not JSON: {error.msg} at {place}.") from None
    except (ValueError, RecursionError):  # a number too long, brackets too deep
        raise BadRequest(f"The {what} is JSON that is too long a number or too deeply nested.") from None


def _has_too_many_tokens(body: bytes) -> bool:
    """Whether JSON has more tokens than ``MAX_VALUES`` items need; no more of it is read than tells."""
    return next(islice(_TOKEN.finditer(body), _MAX_TOKENS, None), None) is not None


def _from_raw(request: Request, options: type) -> Asked:
    asked = _checked(request, options, {}, options)
    return Asked(_body(request), request.mimetype_params.get("charset"), cast(Options, asked))


def _from_form(request: Request, options: type) -> Asked:
    names, files = _parts(request)
    documents = files.pop(_FILE, [])
    flaws = [Flaw(pointer([name], "#/"), "is not known here: options stand in the query") for name in (*names, *files)]
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
    asked, flaws = from_query(request, options) if request.query_string else ({}, [])
    members, others = checked(body, shape, "#/")
    if flaws := [*flaws, *others, *more_flaws]:
        raise Unprocessable(flaws)
    return {**asked, **members}


def _parts(request: Request) -> tuple[list[str], dict[str, list[tuple[bytes, str | None]]]]:
    """The names of the fields of a form, and its files: their bytes and the charset that each is declared to have."""
    body, boundary = _body(request), request.mimetype_params.get("boundary", "")
    try:
        fields, uploads = _parser().parse(BytesIO(body), boundary.encode("latin-1"), len(body))
    except RequestEntityTooLarge:
        allowed = f"{_MAX_PARTS} parts, and {_MAX_HEAD_BYTES} bytes of headers or of a field"
        raise Unprocessable([Flaw("#", f"should have at most {allowed}")]) from None
    except ValueError:
        raise BadRequest("The body is not a form with the boundary that its Content-Type names.") from None
    files: dict[str, list[tuple[bytes, str | None]]] = {}
    for name, upload in uploads.items(multi=True):
        _, declared = parse_options_header(upload.content_type)
        files.setdefault(name, []).append((upload.read(), declared.get("charset")))
    return list(fields), files


def _parser() -> MultiPartParser:
    return MultiPartParser(
        lambda *_, **__: BytesIO(),  # by default, large files would be written to the disk
        max_form_memory_size=_MAX_HEAD_BYTES,
        max_form_parts=_MAX_PARTS,
        buffer_size=_MAX_HEAD_BYTES // 2,
    )


_READERS: Final[Mapping[str, Callable[[Request, type], Asked]]] = {
    JSON: _from_json,
    TEXT: _from_raw,
    BYTES: _from_raw,
    FORM: _from_form,
}
