"""Counting adds up in any order, survives a journal, and costs next to nothing for a clean document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

import pytest

import jiaokan
from jiaokan.batch.census import Census
from jiaokan.batch.documents import LONGEST, STRETCH, Place, Reject, Repairer

TEXTS = ("现代金融", "現(xiàn)代金融", "锟斤拷锟斤拷", "問題")


@pytest.fixture(params=[False, True], ids=["counts", "details"])
def detailed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def census_of(texts: Iterable[str], detailed: bool = False) -> Census:
    census = Census(detailed=detailed)
    repairer = Repairer(noted=census.add, rejected=census.reject, longest=LONGEST)
    for number, text in enumerate(texts, 1):
        repairer.repair(text, Place("in.jsonl", number))
    return census


def test_documents_and_faults_are_counted(detailed: bool) -> None:
    census = census_of(TEXTS, detailed)
    assert (census.documents, census.repaired, census.doubtful, census.rejected) == (4, 2, 1, 0)
    assert census.bytes == sum(len(text.encode()) for text in TEXTS)
    found = [finding for text in TEXTS for each in jiaokan.repair(text).rounds for finding in each.findings]
    assert {finding.fault for finding in found} == {"script", "annotation"}
    assert census.edits == Counter(finding.fault.value for finding in found for _ in finding.edits)
    assert census.doubts == {"transcoding": 1}


def test_what_is_rejected_is_counted_apart(detailed: bool) -> None:
    census = census_of(["问题", "问" * LONGEST], detailed)
    assert (census.documents, census.rejected, census.bytes) == (1, 1, 6)


def test_a_long_document_is_one_document(detailed: bool) -> None:
    clean, damaged = "现代金融。" * (STRETCH // 5), "問題。" * 10
    census = census_of([damaged + clean + damaged + clean + damaged], detailed)
    assert (census.documents, census.repaired) == (1, 1)
    assert census.edits["script"] == 3 * census_of([damaged]).edits["script"]


def test_a_long_document_keeps_its_charset_and_its_losses() -> None:
    census = Census(detailed=True)
    sentence = "现代金融。".encode("gbk")
    raw = sentence * STRETCH + b"\xff\n" + sentence * 100
    assert Repairer(noted=census.add).repair(raw, Place("in.txt"), "gbk")
    told = census.to_json()["details"]
    assert told["charsets"] == {"gb18030": 1}
    assert told["residue"]["bytes"] == 1


def test_merged_in_any_order_it_is_the_same() -> None:
    parts = [census_of(TEXTS), census_of(TEXTS[:1]), census_of(TEXTS[1:])]
    forth, back = Census(), Census()
    for part in parts:
        forth.merge(part)
    for part in reversed(parts):
        back.merge(part)
    assert forth == back == census_of([*TEXTS, TEXTS[0], *TEXTS[1:]])


def test_a_journal_keeps_it(detailed: bool) -> None:
    census = census_of(TEXTS, detailed)
    census.reject(Reject(Place("in.jsonl", 9), "not JSON"))
    kept = json.loads(json.dumps(census.to_json()))
    assert Census.from_json(kept).to_json() == census.to_json()
