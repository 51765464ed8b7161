"""What may be asked, and the shape of what is answered: the types that requests are checked against.

The same types are what ``/openapi.json`` shows, so that what is documented is what is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Annotated, Any, Final, Literal, NotRequired, Required

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema, with_config
from pydantic_core import ErrorDetails, PydanticCustomError
from typing_extensions import TypedDict, get_original_bases

from jiaokan import records
from jiaokan.pipeline import ConsentName, Punctuation, Script
from jiaokan.report import Fault
from jiaokan.web import problems
from jiaokan.web.problems import Flaw

# What the paths of the interface begin with: those that need a token where there are any, and have a rate.
API_PREFIX: Final = "/v1/"

# Limits of what a request may hold beside the text, so that a hostile one costs no more than its bytes. As keys of a
# query, 256 words of 16 characters take 53 KB at most (12 bytes a character, 15 for the key); granian takes 64 KiB. The
# words that are shipped have at most 5 characters.
MAX_DROPPED_WORDS: Final = 256
MAX_WORD_CHARS: Final = 16
# Items of all lists and members, or keys of a query, in one request: the longest list, and room for all the others.
MAX_VALUES: Final = MAX_DROPPED_WORDS + 64
# Characters of one step of a pointer that an answer repeats; the rest of a longer name is left out.
_MAX_STEP_CHARS: Final = 64

# The words below the members of a TypedDict are their description.
_DESCRIBED: Final = ConfigDict(use_attribute_docstrings=True)
_CLOSED: Final = ConfigDict(use_attribute_docstrings=True, extra="forbid")


def _identifier(given: object) -> object:
    """A string, or a number that JSON can hold: Python also reads NaN, and 1e999 as infinity."""
    if isinstance(given, str) or (isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given)):
        return given
    raise PydanticCustomError("identifier", "should be a string or a number")


Id = Annotated[str | int | float, PlainValidator(_identifier), WithJsonSchema({"type": ["string", "number"]})]


@with_config(_CLOSED)
class DetectOptions(TypedDict, total=False):
    """How to look at a text; the words are those of ``jiaokan.detect``."""

    script: Annotated[Script, Field(json_schema_extra={"default": "simplified"})]
    """simplified, simplified-cn for words of the mainland too, or keep to leave the script alone and show what strays
    from it"""
    punctuation: Annotated[Punctuation, Field(json_schema_extra={"default": "keep"})]
    """fullwidth to make ASCII marks of Chinese text fullwidth"""
    skip: Annotated[list[Fault], Field(max_length=len(Fault))]
    """faults that are not looked for"""
    dropped_words: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=MAX_WORD_CHARS)]], Field(max_length=MAX_DROPPED_WORDS)
    ]
    """words that a filter deleted from the text, beside those that are known"""


@with_config(_CLOSED)
class Options(DetectOptions, total=False):
    """How to repair a text; the words are those of ``jiaokan.repair``."""

    consent: Annotated[ConsentName, Field(json_schema_extra={"default": "probable"})]
    """the least certain findings to apply"""


@with_config(_CLOSED)
class DetectRequest(DetectOptions):
    """A text to look at, and how."""

    text: Required[Annotated[str, Field(json_schema_extra={"examples": ["現(xiàn)代金融"]})]]
    """the text; lone surrogates are allowed"""


@with_config(_CLOSED)
class RepairRequest(Options):
    """A text to repair, and how."""

    text: Required[Annotated[str, Field(json_schema_extra={"examples": ["現(xiàn)代金融"]})]]
    """the text; lone surrogates are allowed"""


@with_config(_CLOSED)
class BatchLine(RepairRequest, total=False):
    """A line of a batch: a document to repair, and how, where that differs from the query."""

    id: Id
    """what the client calls it; the answer has the same"""


@with_config(_CLOSED)
class BatchOptions(Options, total=False):
    """How to repair all documents of a batch, and what of the answers is wanted."""

    members: Annotated[
        list[Literal[records.MEMBERS]],  # type: ignore[valid-type]
        Field(min_length=1, max_length=len(records.MEMBERS)),
    ]
    """members of the answers that are wanted, with commas between; the others are neither sent nor computed"""


@with_config(_CLOSED)
class Upload(TypedDict):
    """A document as a form sends it; the options stand in the query."""

    file: Annotated[str, Field(json_schema_extra={"format": "binary"})]
    """the bytes of the document, in any charset"""


@with_config(_DESCRIBED)
class BatchDocument(records.Document):
    """A line of the answer to a batch; of the members of a document, those that were wanted."""

    line: int
    """which line of the request this answers, from 1"""
    id: NotRequired[Id]
    """what the client called it"""


@with_config(_DESCRIBED)
class BatchProblem(TypedDict):
    """A line of the answer to a batch in the place of a document that there is not."""

    line: int
    """which line of the request this answers, from 1"""
    id: NotRequired[Id]
    """what the client called it, where that could be read"""
    problem: problems.Problem
    """why there is no document"""


@with_config(_DESCRIBED)
class Health(TypedDict):
    """How the service is."""

    status: str
    """ok, or ready"""
    version: str
    """which release it is"""


def described(*shapes: type) -> None:
    """Let the words below the members of these TypedDicts, which know nothing of Pydantic, be their description."""
    for shape in shapes:
        shape.__pydantic_config__ = _DESCRIBED  # type: ignore[attr-defined]


described(
    *(records.Document, records.Survey, records.Origin, records.Candidate, records.LossRecord, records.PassageRecord),
    *(records.ScriptsRecord, records.Record, records.FillRecord, problems.Problem, problems.FlawRecord),
)

_WORDS: Final = {
    "extra_forbidden": "is not known here",
    "missing": "is required",
    "dict_type": "should be an object",
}
_ADAPTERS: Final[dict[Any, TypeAdapter[Any]]] = {
    shape: TypeAdapter(shape)
    for shape in (DetectOptions, Options, BatchOptions, DetectRequest, RepairRequest, BatchLine)
}


def checked(given: object, shape: type, root: str) -> tuple[Mapping[str, Any], list[Flaw]]:
    """What was given as a value of ``shape``, and all that is wrong with it; each flaw's place starts with ``root``.

    An error is made for every flaw: the caller sees to it that ``given`` has a bounded number of items.

    >>> checked({"skip": ["gaps"]}, Options, "#/")
    ({'skip': [<Fault.GAPS: 'gaps'>]}, [])
    >>> checked({"skip": ["typos"], "lang": "zh"}, Options, "?")[1][1]
    Flaw(pointer='?lang', detail='is not known here')
    """
    try:
        return _ADAPTERS[shape].validate_python(given), []
    except ValidationError as error:
        # The input is left out: nothing of a text may get into an answer or a log.
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return {}, [Flaw(pointer(each["loc"], root), _in_words(each)) for each in found]


def schema(shape: type) -> dict[str, Any]:
    """The JSON Schema of a shape, with the words of its members and of those that it has from its parents.

    >>> schema(RepairRequest)["required"], schema(RepairRequest)["properties"]["skip"]["description"]
    (['text'], 'faults that are not looked for')
    """
    made = TypeAdapter(shape).json_schema(ref_template="#/components/schemas/{model}")
    for parent in get_original_bases(shape):
        if parent not in (TypedDict, object):
            for name, member in schema(parent)["properties"].items():
                made["properties"][name].setdefault("description", member["description"])
    return made


def pointer(place: Iterable[int | str], root: str) -> str:
    """A place in a request as RFC 6901 writes it, behind ``root``; a long name is cut off.

    >>> pointer(["skip", 0], "#/"), pointer(["a/b"], "?")
    ('#/skip/0', '?a~1b')
    """
    steps = (_shortened(str(step)).replace("~", "~0").replace("/", "~1") for step in place)
    return (root + "/".join(steps)).removesuffix("/")


def _shortened(step: str) -> str:
    return step if len(step) <= _MAX_STEP_CHARS else f"{step[:_MAX_STEP_CHARS]}…"


def _in_words(flaw: ErrorDetails) -> str:
    return _WORDS.get(flaw["type"]) or flaw["msg"].removeprefix("Input ")
