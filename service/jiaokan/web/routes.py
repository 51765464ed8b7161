"""The routes that repair: each reads what is asked, has it done, and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from jiaokan import records
from jiaokan.web import asked, shapes
from jiaokan.web import batch as batches
from jiaokan.web.answers import JSON, TEXT, answer, preferred
from jiaokan.web.batch import Limits
from jiaokan.web.operations import operation
from jiaokan.web.repairers import Repairers
from jiaokan.web.shapes import API_PREFIX
from jiaokan.web.work import Form, Tally

_REPAIR: Final = Tag(name="repair", description="Find what is wrong with a text, and put it right.")
_REFUSED: Final = ("malformed", "unauthorized", "not-acceptable", "too-large", "unsupported-type", "invalid")
_FAILED: Final = ("out-of-time", "crashed")
_FORMS: Final = {JSON: Form.DOCUMENT, TEXT: Form.TEXT}
_BODIES: Final[Mapping[str, type | None]] = {asked.TEXT: None, asked.BYTES: None, asked.FORM: shapes.Upload}

REPAIR: Final = operation(
    takes={asked.JSON: shapes.RepairRequest, **_BODIES},
    query=shapes.Options,
    gives={JSON: records.Document, TEXT: str},
    fails=(*_REFUSED, *_FAILED),
    language=True,
    words="A client that prefers text/plain gets the text alone. Options are keys of the query, and members of a JSON "
    "body, which come first.",
)
DETECT: Final = operation(
    takes={asked.JSON: shapes.DetectRequest, **_BODIES},
    query=shapes.DetectOptions,
    gives={JSON: records.Survey},
    fails=(*_REFUSED, *_FAILED),
)
BATCH: Final = operation(
    takes={batches.NDJSON: None},
    query=shapes.BatchOptions,
    gives={batches.NDJSON: None},
    fails=_REFUSED,
    language=True,
    words="Each line is a BatchLine, or a JSON string. Each line of the answer is a BatchDocument, in the same order "
    "and as soon as it is there, or a BatchProblem in its place; after that the batch goes on.",
)


def repairing(repairers: Repairers, limits: Limits, on_tally: Callable[[Tally], object]) -> APIBlueprint:
    """The routes, with ``repairers`` to do the work; ``on_tally`` is told what was done, in any thread."""
    api = APIBlueprint("api", __name__, abp_tags=[_REPAIR])

    @api.post(f"{API_PREFIX}repair", operation_id="repair", **REPAIR)
    def repair() -> Response:
        """The clean text, with the account of every change."""
        form = preferred(request, JSON, TEXT)
        wanted = asked.read(request)
        body, tally = repairers.answer(wanted, _FORMS[form])
        on_tally(tally)
        return answer(body, form, asked.language(wanted.options))

    @api.post(f"{API_PREFIX}detect", operation_id="detect", **DETECT)
    def detect() -> Response:
        """What is wrong with a text; nothing is changed."""
        preferred(request, JSON)
        body, tally = repairers.answer(asked.read(request, shapes.DetectOptions), Form.SURVEY)
        on_tally(tally)
        return answer(body, JSON)

    @api.post(f"{API_PREFIX}batch", operation_id="batch", **BATCH)
    def batch() -> Response:
        """The clean text of many documents, one on a line."""
        preferred(request, batches.NDJSON)
        return batches.answer(request, repairers, limits, on_tally)

    return api
