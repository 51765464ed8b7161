"""Gaps: half words, places that nobody writes so, and the words that fit there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jiaokan
from jiaokan import Consent, Fault, Finding, detect, pooled, repair
from jiaokan.faults.gaps import DroppedWords, Pool, fills, find
from jiaokan.faults.gaps.places import may_have_gaps
from jiaokan.lexicon.wordlists import DROPPED_FILE, dropped_words
from stories import ROOT, Case, cases

PAGES = cases("seeds")
NAMES = {"000_ca55ab6509c22fd6.txt": PAGES[0], "002_677733e7c176735a.txt": PAGES[2]}
MISSING = [json.loads(line) for line in (ROOT / "seeds" / "dropped_words.jsonl").read_text("utf-8").splitlines()]


def gaps(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.fault is Fault.GAPS]


def place(page: Case, row: dict[str, str]) -> tuple[int, int]:
    """Where in the repaired page a word is missing: what stands between its neighbours, a blank or nothing."""
    left, right = row["left"], row["right"]
    at = page.clean.index(left + right) + len(left)
    return at, at + len(right) - len(right.lstrip(" "))


@pytest.mark.parametrize("row", MISSING, ids=lambda row: row["left"])
def test_every_gap_of_the_real_pages_is_found(row: dict[str, str]) -> None:
    page = NAMES[row["file"]]
    found = {tuple(finding.span): finding for finding in find(page.clean)}
    fills = [fill.text for fill in found[place(page, row)].fills]
    assert fills[0] == "题" if "题" in row["missing"] else fills


def test_the_right_word_is_mostly_first() -> None:
    ranks = []
    for row in MISSING:
        page = NAMES[row["file"]]
        fills = next(f.fills for f in find(page.clean) if tuple(f.span) == place(page, row))
        if "题" not in row["missing"]:
            ranks.append(next((n for n, fill in enumerate(fills, 1) if fill.text in row["missing"]), 0))
    assert len(ranks) == 6
    assert ranks.count(1) >= 4
    assert sum(0 < rank <= 3 for rank in ranks) >= 4


@pytest.mark.parametrize(("name", "number"), [("000_ca55ab6509c22fd6.txt", 8), ("002_677733e7c176735a.txt", 4)])
def test_they_are_found_in_the_damaged_page_too(name: str, number: int) -> None:
    assert len(gaps(detect(NAMES[name].source))) == number == sum(row["file"] == name for row in MISSING)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_real_page_gains_nothing_but_its_missing_halves(page: Case) -> None:
    result = repair(page.source)
    inserted = [edit for r in result.rounds if r.fault is Fault.GAPS for edit in r.edits]
    assert {(edit.before, edit.after) for edit in inserted} <= {("", "题")}
    assert result.text.replace("问题", "问") == page.clean.replace("问题", "问")
    assert all("not in the source" in f.evidence for r in result.rounds if r.fault is Fault.GAPS for f in r.findings)


def test_the_pages_of_a_batch_decide_together() -> None:
    alone = sum(len(r.edits) for page in PAGES for r in repair(page.source).rounds if r.fault is Fault.GAPS)
    pool = pooled(page.source for page in PAGES)
    together = [repair(page.source, pool=pool) for page in PAGES]
    assert sum(len(r.edits) for each in together for r in each.rounds if r.fault is Fault.GAPS) > alone
    assert all("催收问也" not in each.text for each in together)
    assert max(pool.words, key=pool.words.__getitem__) == "题"
    assert pool.contexts == {"催收问": 10, "重要问": 2, "解决问": 1, "逾期问": 1, "信用问": 1, "法律问": 1}


def test_a_pool_of_one_page_tells_it_nothing_new() -> None:
    text = "随之而来的催收问也日益突出。"
    assert repair(text, pool=pooled([text])).text == text


@pytest.mark.parametrize(
    ("text", "word", "evidence"),
    [
        ("本行通常采用 催收、短信催收、上门催收等多种方式。", "电话", "a blank for what the sentence wants"),
        (
            "短信，是另一种常用的 ，通过发送信息，提醒借款人还款，很方便。",
            "方法",
            "a blank for what the sentence wants",
        ),
        ("二、贷款催收的策略与\n\n提前沟通有助于提高还款率。", "方法", "nothing for it to join"),
        ("他们在获得贷款的也面临着还款压力。", "同时", "nothing closes 在"),
        ("常见的手段有短信、电话、，它们各有优点。", "", "two marks in a row"),
        ("他说的“”就是这个意思。", "", "nothing between quotation marks"),
        ("这家公司的产品质量 在全国都是很有名的。", "", "a blank amid a sentence"),
    ],
)
def test_places_that_nobody_writes_so(text: str, word: str, evidence: str) -> None:
    result = repair(text)
    assert result.text is text
    [doubt] = gaps(result.doubts)
    assert evidence in doubt.evidence
    assert doubt.consent is Consent.SUGGESTED
    assert doubt.changes_nothing == (not doubt.fills)
    assert ("not in the source" in doubt.evidence) == bool(doubt.fills)
    assert word in [fill.text for fill in doubt.fills][:3] or not word
    assert [fill.confidence for fill in doubt.fills] == sorted((f.confidence for f in doubt.fills), reverse=True)


def test_fills_are_in_the_script_of_the_page() -> None:
    text = "通過 與借款人溝通，瞭解其逾期原因，並勸導其儘快還款。"
    [doubt] = gaps(detect(text, script="keep"))
    assert doubt.fills[0].text == "電話"


def test_a_doubt_is_put_in_when_that_is_asked() -> None:
    text = "通过 与借款人沟通，了解其逾期原因，并劝导其尽快还款。"
    result = repair(text, consent="suggested")
    assert result.text == "通过电话与借款人沟通，了解其逾期原因，并劝导其尽快还款。"
    assert jiaokan.apply(result.text, jiaokan.invert(result.edits)) == text


def test_half_a_word_that_may_be_one_is_a_doubt() -> None:
    text = "上门催收可能涉及法律问。"
    result = repair(text)
    assert result.text is text
    assert [doubt.edits[0].after for doubt in result.doubts] == ["题"]


def test_words_that_a_user_names_are_likelier() -> None:
    text = "他们通过 联系借款人，提醒其按时还款，有时也上门拜访。"
    [alone], [named] = detect(text), detect(text, dropped_words=["邮件"])
    assert alone.fills[0].text == "电话"
    assert named.fills[0].text == "邮件"


def test_a_character_that_a_user_names_leaves_half_words() -> None:
    text = "他每天的工很忙，但工之余还要学习，因为工需要新的知识。"
    assert repair(text).text is text
    assert repair(text, dropped_words=["作"]).text.count("工作") == 3


def test_a_list_is_not_a_string() -> None:
    with pytest.raises(ValueError, match="dropped_words is a list"):
        repair("x", dropped_words="作")


def test_the_halves_written_down_are_those_that_are_found() -> None:
    known = DroppedWords.shipped()
    assert known.halves == fills.halves([word for word in known.words if len(word) == 1])


def test_the_words_are_on_record() -> None:
    sources = Path(DROPPED_FILE).parents[1].joinpath("SOURCES.md").read_text("utf-8")
    (digest,) = re.findall(r"`data/dropped\.words`, sha256 ([0-9a-f]{64})", sources)
    assert hashlib.sha256(DROPPED_FILE.read_bytes()).hexdigest() == digest
    assert len(dropped_words()) == len(DROPPED_FILE.read_text("utf-8").splitlines()) >= 300


def test_pools_add_up() -> None:
    one, other = Pool({"电话": 0.5}, {"催收问": 1}), Pool({"电话": 0.25, "方法": 1.0}, {"催收问": 1})
    assert one | other == Pool({"电话": 0.75, "方法": 1.0}, {"催收问": 2})


@given(st.text(st.sampled_from("催收问题，。、 \n的在也与及“”重要《》解决")))
def test_what_is_found_stands_where_a_sign_is(text: str) -> None:
    found = find(text)
    assert not found or may_have_gaps(text)
    for finding in found:
        assert all(text[edit.start : edit.end] == edit.before for edit in finding.edits)
