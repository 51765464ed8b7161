"""A repair as JSON: the account in full, and always valid."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from jiaokan import Change, Consent, Edit, Fault, Finding, Loss, Repair, Round, Source, Span, apply, repair
from jiaokan.charset.source import Passage
from jiaokan.charset.weighing import Rival
from jiaokan.records import document, record, survey, to_json, to_utf8

EDIT = Edit.at(1, "題", "题")
FINDING = Finding(Fault.SCRIPT, (EDIT,), Consent.CERTAIN, 0.5, "traditional")
DOUBT = Finding(Fault.GAPS, (Edit.at(0, "", "甲"), Edit.at(2, "", "乙")), Consent.SUGGESTED, 0.25, "gap")
SOURCE = Source(
    b"",
    "問題",
    "gb18030",
    "seen",
    (Loss(Span(0, 1), b"\xff"),),
    0.9,
    Rival("big5hkscs", 0.03125),
    (Passage(Span(0, 2), "gb18030"),),
)
REPAIR = Repair(SOURCE, "問题", (Round(Fault.SCRIPT, (FINDING,)),), (DOUBT,))
ROW = {
    "start": 1,
    "end": 2,
    "before": "題",
    "after": "题",
    "fault": "script",
    "consent": "certain",
    "confidence": 0.5,
    "evidence": "traditional",
}
ORIGIN = {
    "charset": "gb18030",
    "charset_confidence": 0.9,
    "charset_evidence": "seen",
    "runner_up": {"charset": "big5hkscs", "confidence": 0.0312},
    "losses": [{"start": 0, "end": 1, "bytes": "ff"}],
    "passages": [{"start": 0, "end": 2, "charset": "gb18030"}],
}
SCRIPTS = {"scripts": {"traditional": 2, "simplified": 0, "common": 0}}
DOUBT_ROW = {
    "start": 0,
    "end": 2,
    "before": "問題",
    "after": "甲問題乙",
    "fault": "gaps",
    "consent": "suggested",
    "confidence": 0.25,
    "evidence": "gap",
}


def test_a_change_and_its_finding_give_the_same_row() -> None:
    assert record(Change(EDIT, (FINDING,)), "問題") == record(FINDING, "問題") == ROW


def test_a_document_has_everything() -> None:
    shown = document(REPAIR)
    assert shown.pop("diff").startswith("@@ line 1 @@\n-問題\n+問题\n")
    assert shown == {"text": "問题", **ORIGIN, **SCRIPTS, "edits": [ROW], "doubts": [DOUBT_ROW]}


def test_a_survey_has_changes_and_doubts_in_reading_order() -> None:
    assert survey(REPAIR) == {**ORIGIN, **SCRIPTS, "findings": [DOUBT_ROW, ROW]}


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_json_of_any_text_is_valid_and_reads_back(text: str) -> None:
    written = to_json({"text": text}).decode("utf-8")
    assert "\n" not in written
    # A surrogate pair written as two escapes is one character to any JSON reader.
    assert json.loads(written) == {"text": text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")}


def test_utf8_of_a_lone_surrogate_is_the_replacement_character() -> None:
    assert to_utf8("問\udc80題") == "問\ufffd題".encode()
    assert to_utf8("問題\r\n\x00") == "問題\r\n\x00".encode()


@settings(deadline=None)  # the first repair of all loads the tables
@given(st.text(max_size=30))
def test_the_rows_of_any_repair_replay(text: str) -> None:
    repaired = repair(text)
    rows = json.loads(to_json(document(repaired)))["edits"]
    assert apply(text, [Edit.at(row["start"], row["before"], row["after"]) for row in rows]) == repaired.text


def test_a_gap_has_its_fills() -> None:
    [doubt] = document(repair("本行通常采用 催收、短信催收、上门催收等多种方式。"))["doubts"]
    assert doubt["fills"][0] == {"text": "电话", "confidence": doubt["confidence"]}
    assert doubt["after"] == "电话"
    [change] = document(repair("这也是一个重要问。"))["edits"]
    assert "fills" not in change
