"""What OpenAPI says of a route, made from the shapes that its requests are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from jiaokan import records
from jiaokan.web import shapes
from jiaokan.web.asked import MEMBERS
from jiaokan.web.problems import KINDS, PROBLEM, Problem

# The shapes that operations speak of; those inside them come along.
_SHAPES: Final = (
    *(shapes.RepairRequest, shapes.DetectRequest, shapes.Upload, shapes.BatchLine, shapes.Health),
    *(records.Document, records.Survey, shapes.BatchDocument, shapes.BatchProblem, Problem),
)
_REQUEST_ID: Final = {
    "X-Request-ID": {"description": "the request's own, or one made for it", "schema": {"type": "string"}}
}
_LANGUAGE: Final = {
    "Content-Language": {
        "description": "zh-Hans, or zh where the script was left alone",
        "schema": {"type": "string", "enum": ["zh-Hans", "zh"]},
    }
}
_RETRY: Final = {"Retry-After": {"description": "seconds to wait, where waiting helps", "schema": {"type": "string"}}}
# What any request may meet.
_ALWAYS: Final = ("method-not-allowed", "rate-limited", "bug", "busy")


def components() -> dict[str, Any]:
    """The schemas that operations refer to, by name."""
    schemas: dict[str, Any] = {}
    for shape in _SHAPES:
        made = shapes.schema(shape)
        schemas |= made.pop("$defs", {})
        schemas[shape.__name__] = made
    return dict(sorted(schemas.items()))


def operation(
    *,
    takes: Mapping[str, type | None] | None = None,
    query: type | None = None,
    gives: Mapping[str, type | None],
    fails: Iterable[str] = (),
    language: bool = False,
    secured: bool = False,
    words: str = "",
) -> dict[str, Any]:
    """What flask-openapi3 wants to know of a route, as keyword arguments for its decorators.

    Args:
        takes: the media types of the body, each with its shape, or ``None`` if any bytes will do.
        query: the shape of the query.
        gives: the media types of the answer, in the same way.
        fails: the names of the kinds of problem that it may answer with, beside those that any route has.
        language: whether the answer names its language.
        secured: whether it asks for a token, where there are any, though it takes no body; those that do always ask.
        words: what there is to say beside the first line of the view's docstring.
    """
    extensions: dict[str, Any] = {} if takes or secured else {"security": []}
    if takes:
        extensions["requestBody"] = {"content": _content(takes), "required": True}
    if query:
        extensions["parameters"] = _parameters(query)
    good = {"description": "OK", "content": _content(gives), "headers": _REQUEST_ID | (_LANGUAGE if language else {})}
    return {
        "description": words,
        "responses": {"200": good, **_problems((*fails, *_ALWAYS))},
        "openapi_extensions": extensions,
    }


def _content(media_types: Mapping[str, type | None]) -> dict[str, Any]:
    return {name: {"schema": _reference(shape)} if shape else {} for name, shape in media_types.items()}


def _reference(shape: type) -> dict[str, Any]:
    return {"type": "string"} if shape is str else {"$ref": f"#/components/schemas/{shape.__name__}"}


def _parameters(query: type) -> list[dict[str, Any]]:
    """The keys of a query; those that are lists are given once for each item, or all in one with commas."""
    return [
        {"name": name, "in": "query", "required": False, "description": member.pop("description"), "schema": member}
        | ({"style": "form", "explode": False} if name == MEMBERS else {})
        for name, member in shapes.schema(query)["properties"].items()
    ]


def _problems(names: Iterable[str]) -> dict[str, Any]:
    """The answers that are problems, by status."""
    found = sorted((KINDS[name] for name in dict.fromkeys(names)), key=lambda kind: kind.status)
    answers: dict[str, Any] = {}
    for kind in found:
        answer = answers.setdefault(
            str(kind.status),
            {
                "description": HTTPStatus(kind.status).phrase,
                "content": {PROBLEM: {"schema": _reference(Problem)}},
                "headers": _REQUEST_ID | (_RETRY if kind.status in (429, 503) else {}),
            },
        )
        answer["description"] += f". {kind.title}: {kind.when}"
    return answers
