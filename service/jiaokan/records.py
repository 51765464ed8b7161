"""A repair as JSON: the rows and documents that the command line and the service give out.

Rules of this file: positions count code points of the source text; whatever a text holds, the bytes written are
valid JSON and valid UTF-8.
"""

from __future__ import annotations

import json
import re
from typing import Final, TypedDict

from jiaokan.diff import unified, whole
from jiaokan.report import Change, Finding, Repair
from jiaokan.rounds import findings

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Record(TypedDict):
    """A change or a doubt as JSON. ``start`` and ``end`` count code points of the source text."""

    start: int
    end: int
    before: str
    after: str
    fault: str
    consent: str
    confidence: float
    evidence: str


class Document(TypedDict):
    """A repair as JSON. ``charset`` is ``None`` when text came in."""

    text: str
    charset: str | None
    edits: list[Record]
    doubts: list[Record]
    diff: str


class Survey(TypedDict):
    """What is wrong with a document as JSON."""

    charset: str | None
    findings: list[Record]


def record(found: Change | Finding, text: str) -> Record:
    """One row for a change of, or a finding in, the source text ``text``.

    A finding with several edits gives one row over its whole span, from the first edit to the last.

    >>> from jiaokan import Consent, Edit, Fault
    >>> found = Finding(Fault.SCRIPT, (Edit.at(1, "題", "题"),), Consent.CERTAIN, 1.0, "traditional")
    >>> list(record(found, "問題").values())
    [1, 2, '題', '题', 'script', 'certain', 1.0, 'traditional']
    """
    edit = whole(found, text)
    return Record(
        start=edit.start,
        end=edit.end,
        before=edit.before,
        after=edit.after,
        fault=found.fault.value,
        consent=found.consent.value,
        confidence=found.confidence,
        evidence=found.evidence,
    )


def document(repair: Repair) -> Document:
    """Everything about a repair that can be told without its bytes.

    >>> import jiaokan
    >>> document(jiaokan.repair("你好"))
    {'text': '你好', 'charset': None, 'edits': [], 'doubts': [], 'diff': ''}
    """
    return Document(
        text=repair.text,
        charset=repair.source.charset,
        edits=[record(change, repair.source.text) for change in repair.changes],
        doubts=[record(doubt, repair.source.text) for doubt in repair.doubts],
        diff=unified(repair),
    )


def survey(repair: Repair) -> Survey:
    """The changes and the doubts of a repair as one list of findings, in reading order."""
    text = repair.source.text
    return Survey(charset=repair.source.charset, findings=[record(found, text) for found in findings(repair)])


def to_json(value: object) -> bytes:
    r"""JSON in UTF-8 on one line; a lone surrogate, which UTF-8 cannot hold, stays as its escape.

    >>> to_json(["題", "\ud800"]).decode()
    '["題", "\\ud800"]'
    """
    # JSON and Python escape a surrogate the same way, so the codec's own escape is already right.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def to_utf8(text: str) -> bytes:
    r"""The text in UTF-8; each lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.

    >>> to_utf8("題\ud800").decode() == "題\ufffd"
    True
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()
