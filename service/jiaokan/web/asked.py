"""A request as values: what is to be repaired, and how.

A request is JSON, with the options in its body, or the raw bytes of a document, with the options in the query.
Both are checked in full against the same tables before any repair starts, and all that is wrong is told at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final, TypedDict, cast, get_args

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from jiaokan.report import Fault
from jiaokan.rounds import ConsentName, Punctuation, Script
from jiaokan.web import bodies
from jiaokan.web.problems import Flaw, Unprocessable

_JSON: Final = "application/json"
_RAW: Final = ("text/plain", "application/octet-stream")

_ONE_OF: Final = {
    "script": get_args(Script),
    "punctuation": get_args(Punctuation),
    "consent": get_args(ConsentName),
}
_SOME_OF: Final = {"skip": tuple(fault.value for fault in Fault)}
_ANY_OF: Final = ("dropped_words",)
_LISTS: Final = (*_SOME_OF, *_ANY_OF)
OPTIONS: Final = (*_ONE_OF, *_LISTS)  # of a repair

Id = str | int | float  # what a line of a batch may be called


class Options(TypedDict, total=False):
    """What a request may ask beside the text; the words are those of ``jiaokan.repair``."""

    script: Script
    punctuation: Punctuation
    consent: ConsentName
    skip: list[str]
    dropped_words: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A document to repair, the charset it is declared to have, and the options that were given."""

    source: str | bytes
    charset: str | None
    options: Options


def read(request: Request, known: Iterable[str]) -> Asked:
    """What the request asks for; ``known`` names the options it may use.

    Raises:
        BadRequest: the body is not what it says it is: JSON, gzip, zstd.
        RequestEntityTooLarge: the body is larger than the settings allow.
        UnsupportedMediaType: the body is of a type or in a coding that is not read here.
        Unprocessable: the body or the query holds what is not known or not allowed.
    """
    if request.mimetype == _JSON:
        return _from_json(request, known)
    if request.mimetype in _RAW:
        return _from_raw(request, known)
    raise UnsupportedMediaType(f"The Content-Type must be {_JSON}, {' or '.join(_RAW)}.")


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
        BadLine: it holds what is not known or not allowed.
    """
    value = _parsed(line, "line")
    body = {"text": value} if isinstance(value, str) else value
    if not isinstance(body, dict):
        raise BadLine([Flaw("#", "must be an object or a string")], None)
    text, given = body.get("text"), body.get("id")
    options = {key: value for key, value in body.items() if key not in ("text", "id")}
    flaws = [] if isinstance(text, str) else [Flaw("#/text", "must be a string" if "text" in body else "is required")]
    if "id" in body and not _is_id(given):
        given, flaws = None, [*flaws, Flaw("#/id", "must be a string or a number")]
    if options:
        flaws += _flaws(options, OPTIONS, "#/")
    if flaws:
        raise BadLine(flaws, given)
    return Asked(cast(str, text), None, cast(Options, {**defaults, **options})), given


def _is_id(given: object) -> bool:
    """Whether it is a string or a number that JSON can hold: Python also reads NaN, and 1e999 as infinity."""
    if isinstance(given, (int, float)):
        return not isinstance(given, bool) and isfinite(given)
    return isinstance(given, str)


def from_query(args: MultiDict[str, str], known: Iterable[str]) -> tuple[Options, list[Flaw]]:
    """The options in a query, and all that is wrong with them."""
    given = {name: values if name in _LISTS else values[-1] for name, values in args.lists()}
    flaws = _flaws(given, known, "?")
    flaws += [Flaw(f"?{n}", "is given twice") for n, values in args.lists() if n in _ONE_OF and len(values) > 1]
    return cast(Options, given), flaws


def _body(request: Request) -> bytes:
    """The body, unpacked, if it keeps to the limit of the settings."""
    return bodies.whole(request, request.max_content_length or 0)


def _from_json(request: Request, known: Iterable[str]) -> Asked:
    body = _parsed(_body(request), "body")
    if not isinstance(body, dict):
        raise Unprocessable([Flaw("#", "must be an object")])
    text, options = body.get("text"), {key: value for key, value in body.items() if key != "text"}
    flaws = [] if isinstance(text, str) else [Flaw("#/text", "must be a string" if "text" in body else "is required")]
    flaws += _flaws(options, known, "#/")
    flaws += [Flaw(f"?{name}", "must stand in the body of a JSON request") for name in request.args]
    if flaws:
        raise Unprocessable(flaws)
    return Asked(cast(str, text), None, cast(Options, options))


def _parsed(body: bytes, what: str) -> object:
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {what} is not UTF-8: byte {error.start} fits no character.") from None
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if what == "line" else f"line {error.lineno}, column {error.colno}"
        raise BadRequest(f"The {what} is not JSON: {error.msg} at {place}.") from None
    except (ValueError, RecursionError):  # a number too long, brackets too deep
        raise BadRequest(f"The {what} is JSON that is too long a number or too deeply nested.") from None


def _from_raw(request: Request, known: Iterable[str]) -> Asked:
    given, flaws = from_query(request.args, known)
    if flaws:
        raise Unprocessable(flaws)
    return Asked(_body(request), request.mimetype_params.get("charset"), given)


def _flaws(given: Mapping[str, object], known: Iterable[str], root: str) -> list[Flaw]:
    """All that is wrong with the options, each with its place: ``root`` and the key."""
    flaws = []
    for key, value in given.items():
        place = root + key.replace("~", "~0").replace("/", "~1")  # RFC 6901
        if key not in known:
            flaws.append(Flaw(place, "is not known here"))
        elif key in _ONE_OF:
            flaws += _unless_one_of(_ONE_OF[key], value, place)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                flaws += _unless_allowed(key, item, f"{place}/{number}")
        else:
            flaws.append(Flaw(place, "must be a list"))
    return flaws


def _unless_allowed(key: str, item: object, place: str) -> list[Flaw]:
    if key in _SOME_OF:
        return _unless_one_of(_SOME_OF[key], item, place)
    return [] if isinstance(item, str) and item else [Flaw(place, "must be a word")]


def _unless_one_of(choices: tuple[str, ...], value: object, place: str) -> list[Flaw]:
    return [] if value in choices else [Flaw(place, f"must be one of: {', '.join(choices)}")]
