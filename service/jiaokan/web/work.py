"""What one process does: a document or some lines of a batch in, bytes of an answer and a tally out.

Rules of this file: it knows nothing of requests, and everything that goes in or out can be pickled.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from enum import Enum
from typing import Final, NamedTuple

from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from jiaokan import pipeline
from jiaokan.records import chosen, document, survey, to_json, to_utf8
from jiaokan.report import Repair
from jiaokan.web.asked import Asked, BadLine, from_line
from jiaokan.web.problems import FAILED, problem
from jiaokan.web.shapes import Id, Options
from jiaokan.web.traces import trace

_NONE: Final[Mapping[str, int]] = {}


class Form(Enum):
    """What an answer holds: the document of a repair, its text alone, or the survey of a detection."""

    DOCUMENT = "document"
    TEXT = "text"
    SURVEY = "survey"


class Tally(NamedTuple):
    """Counts over some documents: how many, their code points, and edits and doubts by fault.

    >>> Tally(1, 5, {"gaps": 1}) + Tally(1, 2, {"gaps": 1, "script": 3})
    Tally(documents=2, characters=7, edits={'gaps': 2, 'script': 3}, doubts={})
    """

    documents: int = 0
    characters: int = 0
    edits: Mapping[str, int] = _NONE
    doubts: Mapping[str, int] = _NONE

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]  # sums, where tuples are joined
        return total((self, other))


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    documents, characters, edits, doubts = 0, 0, Counter[str](), Counter[str]()
    for tally in tallies:
        documents += tally.documents
        characters += tally.characters
        if tally.edits or tally.doubts:
            edits.update(tally.edits)
            doubts.update(tally.doubts)
    return Tally(documents, characters, dict(edits), dict(doubts))


class Answer(NamedTuple):
    """The body of an answer, and what it adds to the counts."""

    body: bytes
    tally: Tally


# A line of a batch: which it is, from 1, and its bytes without its end; ``None`` in place of one that is too long.
# A plain tuple goes to another process in a third of the time that a named one takes.
Line = tuple[int, bytes | None]


class Wanted(NamedTuple):
    """What a batch asks for: the options of lines that give none, the members of their answers (``None``: all), and the
    longest line, in bytes."""

    defaults: Options
    members: Set[str] | None
    longest: int


class Answers(NamedTuple):
    """The answers to the first ``done`` of some lines, each on a line, and the bugs that were met."""

    done: int
    body: bytes
    tally: Tally
    bugs: tuple[str, ...] = ()


def answer(asked: Asked, form: Form) -> Answer:
    """The answer to a request, repaired here and now.

    >>> answer(Asked("問題", None, {}), Form.TEXT).body.decode()
    '问题'
    """
    return rendered(pipeline.repair(asked.source, charset=asked.charset, **asked.options), form)


def rendered(repaired: Repair, form: Form) -> Answer:
    """A repair as bytes, with its counts."""
    match form:
        case Form.TEXT:
            body = to_utf8(repaired.text)
        case Form.DOCUMENT:
            body = to_json(document(repaired))
        case Form.SURVEY:
            body = to_json(survey(repaired))
    return Answer(body, tally(repaired))


def tally(repaired: Repair) -> Tally:
    """The counts of one repair."""
    edits = dict(Counter(change.fault.value for change in repaired.changes)) if repaired.rounds else _NONE
    doubts = dict(Counter(doubt.fault.value for doubt in repaired.doubts)) if repaired.doubts else _NONE
    return Tally(1, len(repaired.source.text), edits, doubts)


def answer_lines(lines: Sequence[Line], wanted: Wanted, seconds: float) -> Answers:
    """The answers to lines of a batch: to the first one, and to those that follow until ``seconds`` are over.

    A line that cannot be answered has a problem in its place.
    """
    until = time.monotonic() + seconds
    bodies: list[bytes] = []
    tallies: list[Tally] = []
    bugs: list[str] = []
    for line in lines:
        try:
            body, its = _answered(line, wanted)
            tallies.append(its)
        except HTTPException as error:
            body = in_place(line, error)
        except Exception as error:
            body = in_place(line, InternalServerError(FAILED))
            bugs.append(trace(error))
        bodies.append(body)
        if time.monotonic() > until:
            break
    return Answers(len(bodies), b"".join(bodies), total(tallies), tuple(bugs))


def _answered(line: Line, wanted: Wanted) -> Answer:
    number, raw = line
    if raw is None:
        raise RequestEntityTooLarge(f"A line must not be longer than {wanted.longest} bytes.")
    asked, given = from_line(raw, wanted.defaults)
    repaired = pipeline.repair(asked.source, **asked.options)
    return Answer(_line(number, given, chosen(repaired, wanted.members)), tally(repaired))


def in_place(line: Line, error: HTTPException) -> bytes:
    """The line that stands in the place of an answer that cannot be given."""
    given = error.given if isinstance(error, BadLine) else None
    return _line(line[0], given, {"problem": problem(error)})


def _line(number: int, given: Id | None, members: dict[str, object]) -> bytes:
    named = {"line": number} if given is None else {"line": number, "id": given}
    return to_json(named | members) + b"\n"
