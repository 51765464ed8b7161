"""The routes: each reads what is asked, has it done, and answers."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from jiaokan import records, rounds
from jiaokan.records import document, survey
from jiaokan.web import asked, shapes
from jiaokan.web.answers import JSON, TEXT, as_json, as_text, preferred
from jiaokan.web.operations import operation

api = APIBlueprint("api", __name__)

_REPAIR: Final = Tag(name="repair", description="Find what is wrong with a text, and put it right.")
_REFUSED: Final = ("malformed", "unauthorized", "not-acceptable", "too-large", "unsupported-type", "invalid")
_FAILED: Final = ("out-of-time", "crashed", "not-ready")


@api.post(
    "/v1/repair",
    tags=[_REPAIR],
    operation_id="repair",
    **operation(
        takes={
            asked.JSON: shapes.RepairRequest,
            asked.TEXT: "",
            asked.BYTES: "binary",
            asked.FORM: shapes.Upload,
        },
        query=shapes.Options,
        gives={JSON: records.Document, TEXT: ""},
        fails=(*_REFUSED, *_FAILED),
        language=True,
        words="A client that prefers text/plain gets the text alone. Options are keys of the query, and members of a "
        "JSON body, which come first.",
    ),
)
def repair() -> Response:
    """The clean text, with the account of every change."""
    form = preferred(request, JSON, TEXT)
    wanted = asked.read(request)
    repaired = rounds.repair(wanted.source, charset=wanted.charset, **wanted.options)
    language = "zh" if wanted.options.get("script") == "keep" else "zh-Hans"
    return as_text(repaired.text, language) if form == TEXT else as_json(document(repaired), language)


@api.post(
    "/v1/detect",
    tags=[_REPAIR],
    operation_id="detect",
    **operation(
        takes={
            asked.JSON: shapes.DetectRequest,
            asked.TEXT: "",
            asked.BYTES: "binary",
            asked.FORM: shapes.Upload,
        },
        query=shapes.DetectOptions,
        gives={JSON: records.Survey},
        fails=(*_REFUSED, *_FAILED),
    ),
)
def detect() -> Response:
    """What is wrong with a text; nothing is changed."""
    preferred(request, JSON)
    wanted = asked.read(request, shapes.DetectOptions)
    return as_json(survey(rounds.repair(wanted.source, charset=wanted.charset, **wanted.options)))
