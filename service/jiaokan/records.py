"""A repair as JSON: the rows and documents that the command line and the service give out.

Rules of this file: positions count code points of the source text; whatever a text holds, the bytes written are
valid JSON and valid UTF-8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, NotRequired, cast

import orjson
from typing_extensions import TypedDict  # typing's own does not tell its parents before Python 3.12

from jiaokan.charset.source import Source
from jiaokan.diff import unified, whole
from jiaokan.pipeline import findings
from jiaokan.report import Change, Finding, Repair

# Digits of a charset's confidence: it is no better known than that.
_DIGITS: Final = 4
_encoded: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class FillRecord(TypedDict):
    """A word that may have stood in a gap."""

    text: str
    """the word"""
    confidence: float
    """how probable it is, from 0 to 1"""


class Record(TypedDict):
    """A change or a doubt; positions count code points of the source text."""

    start: int
    """the code point where ``before`` starts"""
    end: int
    """the code point behind ``before``"""
    before: str
    """what the source text has there"""
    after: str
    """what the text has there instead, or would have"""
    fault: str
    """the kind of damage"""
    consent: str
    """the trust it asks for: certain, probable or suggested"""
    confidence: float
    """how probable it is that this restores what was lost, from 0 to 1"""
    evidence: str
    """what on the page says so, in words"""
    fills: NotRequired[list[FillRecord]]
    """for a gap that is a doubt: the words that may have stood there, the likeliest first"""


class Candidate(TypedDict):
    """A charset and how probable it is that the bytes are in it."""

    charset: str
    """the Python codec"""
    confidence: float
    """from 0 to 1"""


class LossRecord(TypedDict):
    """Bytes that could not be read, and where in the source text U+FFFD stands for them."""

    start: int
    """the code point of the first U+FFFD"""
    end: int
    """the code point behind the last; there is one for each byte"""
    bytes: str
    """the bytes as hexadecimal digits"""


class PassageRecord(TypedDict):
    """A stretch of the source text and the charset of its bytes."""

    start: int
    """its first code point"""
    end: int
    """the code point behind it"""
    charset: str
    """the Python codec"""


class Origin(TypedDict):
    """How the source was read."""

    charset: str | None
    """the Python codec that most of the bytes were read with; null when text came in"""
    charset_confidence: float
    """how probable it is that they are in that charset, from 0 to 1"""
    charset_evidence: str
    """why this charset, in words"""
    runner_up: Candidate | None
    """the charset that came second; null if no other came into question"""
    losses: list[LossRecord]
    """the bytes that could not be read"""
    passages: list[PassageRecord]
    """where the bytes are in several charsets: the charset of each stretch"""


class ScriptsRecord(TypedDict):
    """How many Han characters the source text has of each script; Japanese and Korean passages do not count."""

    traditional: int
    """those that only traditional text has"""
    simplified: int
    """those that only simplified text has"""
    common: int
    """those that both have"""


class Document(Origin):
    """A repaired document and the account of every change."""

    scripts: ScriptsRecord
    """which script the source text is in"""
    text: str
    """the clean text"""
    edits: list[Record]
    """what was changed, in reading order; applied to the source text they give the text"""
    doubts: list[Record]
    """what was found and not applied"""
    diff: str
    """the changed lines and the reasons, for reading"""


class Survey(Origin):
    """What is wrong with a document."""

    scripts: ScriptsRecord
    """which script the source text is in"""
    findings: list[Record]
    """what a repair would change or doubt, in reading order"""


def record(found: Change | Finding, text: str) -> Record:
    """One row for a change of, or a finding in, the source text ``text``.

    A finding with several edits gives one row over its whole span, from the first edit to the last.

    >>> from jiaokan import Consent, Edit, Fault
    >>> found = Finding(Fault.SCRIPT, (Edit.at(1, "題", "题"),), Consent.CERTAIN, 1.0, "traditional")
    >>> list(record(found, "問題").values())
    [1, 2, '題', '题', 'script', 'certain', 1.0, 'traditional']
    """
    edit = whole(found, text)
    row = Record(
        start=edit.start,
        end=edit.end,
        before=edit.before,
        after=edit.after,
        fault=found.fault.value,
        consent=found.consent.value,
        confidence=found.confidence,
        evidence=found.evidence,
    )
    if isinstance(found, Finding) and found.fills:
        row["fills"] = [FillRecord(text=fill.text, confidence=fill.confidence) for fill in found.fills]
    return row


def document(repair: Repair) -> Document:
    """Everything about a repair that can be told without its bytes.

    >>> import jiaokan
    >>> shown = document(jiaokan.repair("你好"))
    >>> shown["text"], shown["charset"], shown["edits"], shown["losses"]
    ('你好', None, [], [])
    """
    return cast(Document, chosen(repair))


def chosen(repair: Repair, members: Collection[str] | None = None) -> dict[str, object]:
    """Some members of the document of a repair, all by default; those that are not asked for are not computed.

    >>> import jiaokan
    >>> chosen(jiaokan.repair("問題"), {"text", "charset"})
    {'text': '问题', 'charset': None}
    """
    told = {"text": repair.text, **origin(repair.source)}
    names = MEMBERS if members is None else [name for name in MEMBERS if name in members]
    return {name: _COMPUTED[name](repair) if name in _COMPUTED else told[name] for name in names}


def survey(repair: Repair) -> Survey:
    """The changes and the doubts of a repair as one list of findings, in reading order."""
    text = repair.source.text
    found = [record(each, text) for each in findings(repair)]
    return Survey(**origin(repair.source), scripts=_scripts(repair), findings=found)


def _scripts(repair: Repair) -> ScriptsRecord:
    traditional, simplified, common = repair.scripts
    return ScriptsRecord(traditional=traditional, simplified=simplified, common=common)


def origin(source: Source) -> Origin:
    """How a source was read: its charset, the one that came second, and what was lost.

    >>> from jiaokan import Source
    >>> origin(Source.read(b"\\xce\\xca\\xff\\xcc\\xe2", "gbk"))["losses"]
    [{'start': 1, 'end': 2, 'bytes': 'ff'}]
    """
    second = source.runner_up
    return Origin(
        charset=source.charset,
        charset_confidence=round(source.confidence, _DIGITS),
        charset_evidence=source.evidence,
        runner_up=Candidate(charset=second.charset, confidence=round(second.confidence, _DIGITS)) if second else None,
        losses=[
            LossRecord(start=start, end=end, bytes=raw.hex())
            for start, end, raw in ((*loss.span, loss.raw) for loss in source.losses)
        ],
        passages=[PassageRecord(start=start, end=end, charset=name) for (start, end), name in source.passages],
    )


_COMPUTED: Final[Mapping[str, Callable[[Repair], object]]] = {
    "scripts": _scripts,
    "edits": lambda repair: [record(change, repair.source.text) for change in repair.changes],
    "doubts": lambda repair: [record(doubt, repair.source.text) for doubt in repair.doubts],
    "diff": unified,
}
# The members of a document, in their order.
MEMBERS: Final = ("text", *Origin.__annotations__, *_COMPUTED)


def to_json(value: object) -> bytes:
    r"""JSON in UTF-8 on one line; a lone surrogate, which UTF-8 cannot hold, stays as its escape.

    >>> to_json(["題", "\ud800"]).decode()
    '["題","\\ud800"]'
    """
    try:
        return orjson.dumps(value)  # in a sixth of the time
    except TypeError:  # a lone surrogate, or a whole number of more than 64 bits
        # JSON and Python escape a surrogate the same way, so the codec's own escape is already right.
        return _encoded(value).encode("utf-8", "backslashreplace")


def to_utf8(text: str) -> bytes:
    r"""The text in UTF-8; each lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.

    >>> to_utf8("題\ud800").decode() == "題\ufffd"
    True
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()
