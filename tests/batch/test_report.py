"""The figures of a report are those of the census, and its page says nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import jiaokan
from crawl import crawl
from jiaokan.batch import report
from jiaokan.batch.census import Census
from jiaokan.batch.census.draws import digest
from jiaokan.batch.documents import Place, Reject, Repairer
from jiaokan.batch.report import charts

FACTS = report.Facts("1.2.3", ["crawl/", "more.jsonl"], "2026-11-22T12:00:00+00:00", 8.0, 2, {"script": "simplified"})
STEP = 7
HOSTILE = "</script><img src=x onerror=alert(1)>"


@cache
def census() -> Census:
    seen = Census(detailed=True)
    repairer = Repairer(noted=seen.add, rejected=seen.reject)
    for number, (name, raw) in enumerate([*crawl()][::STEP], 1):
        repairer.repair(raw, Place("crawl.warc", number, name=name))
    for number in (3, 7):
        seen.reject(Reject(Place("more.jsonl", number), f"line {number}: not JSON"))
    return seen


def written(tmp_path: Path, seen: Census, facts: report.Facts = FACTS) -> tuple[str, dict[str, Any]]:
    report.write(seen, facts, tmp_path / "report.html")
    page, told = ((tmp_path / name).read_text("utf-8") for name in ("report.html", "report.json"))
    return page, json.loads(told)


def test_figures_are_those_of_the_census(tmp_path: Path) -> None:
    seen, (_, told) = census(), written(tmp_path, census())
    documents = told["documents"]
    assert documents["seen"] == seen.documents + 2
    assert [documents[name] for name in ("repaired", "doubtful", "rejected", "bytes")] == [
        *(seen.repaired, seen.doubtful, 2, seen.bytes)
    ]
    for row in told["faults"]:
        assert sum(row["edits"].values()) == seen.edits[row["fault"]]
        assert sum(row["doubts"].values()) == seen.doubts[row["fault"]]
    assert told["speed"]["documents"] == round(seen.documents / FACTS.seconds, 1)
    for name in ("charsets", "sizes", "changes"):
        assert sum(row["documents"] for row in told[name]) == seen.documents
    assert sum(told["scripts"].values()) == seen.documents
    assert told["rejects"]["groups"] == [
        {
            "count": 2,
            "reason": "line …: not JSON",
            "examples": [
                {"place": {"path": "more.jsonl", "document": number, "field": None, "name": None}, "reason": reason}
                for number, reason in sorted(
                    ((number, f"line {number}: not JSON") for number in (3, 7)), key=lambda one: _rank(*one)
                )
            ],
        }
    ]


def _rank(number: int, reason: str) -> int:
    return digest(Place("more.jsonl", number), reason)


def test_the_page_has_the_figures_of_the_json(tmp_path: Path) -> None:
    page, told = written(tmp_path, census())
    shown = dict(re.findall(r'data-figure="([\w.]+)">([\d,]+)<', page))
    assert len(shown) > 20
    for path, number in shown.items():
        top, *rest = path.split(".")
        value: Any = told
        if top in ("edits", "doubts"):
            fault, kind = rest
            value = next(row for row in told["faults"] if row["fault"] == fault)[top][kind]
        else:
            for name in (top, *rest):
                value = value[name]
        assert f"{value:,}" == number, path


def test_every_kind_that_was_found_is_shown(tmp_path: Path) -> None:
    page, told = written(tmp_path, census())
    for row in told["faults"]:
        for what in ("edits", "doubts"):
            for kind, count in row[what].items():
                assert not count or f'data-figure="{what}.{row["fault"]}.{kind}">{count:,}<' in page


def test_doubts_that_recur_are_counted_and_their_fills_pooled(tmp_path: Path) -> None:
    seen = Census(detailed=True)
    sentence = "這種催收方式通常采用 催收、短信。"
    for number in range(1, 31):
        seen.add(Place("in.jsonl", number), 50, jiaokan.repair(sentence), 0)
    (doubt,) = jiaokan.repair(sentence).doubts
    _, told = written(tmp_path, seen)
    (group,) = told["doubts"]["gaps"]["groups"]
    assert (group["count"], told["doubts"]["gaps"]["others"]) == (30, 0)
    likely = [fill for fill in doubt.fills if fill.confidence >= 0.005]
    assert [(fill["text"], fill["confidence"]) for fill in group["fills"]] == likely
    assert [(example["left"][-2:], example["right"][:2]) for example in group["examples"]] == [("采用", "催收")]


def test_of_very_many_doubts_the_count_is_an_estimate(tmp_path: Path) -> None:
    seen = Census(detailed=True)
    often, seldom = map(jiaokan.repair, ("這種催收方式通常采用 催收、短信。", "锟斤拷锟斤拷问题不大。"))
    for number in range(1, 1001):
        seen.add(Place("in.jsonl", number), 50, often, 0)
        if not number % 10:
            seen.add(Place("in.jsonl", number), 50, seldom, 0)
    page, told = written(tmp_path, seen)
    assert told["doubts"]["gaps"]["drawn"] < told["doubts"]["gaps"]["all"] == 1000
    assert [group["count"] for group in told["doubts"]["gaps"]["groups"]] == [1000]
    assert [group["count"] for group in told["doubts"]["transcoding"]["groups"]] == [100]
    assert "drawn at random" in page


def test_hostile_text_is_text(tmp_path: Path) -> None:
    seen = Census(detailed=True)
    place = Place(HOSTILE, 1, HOSTILE, HOSTILE)
    seen.add(place, 50, jiaokan.repair(f"{HOSTILE}這個問題{HOSTILE}"), 0)
    seen.add(place, 50, jiaokan.repair(f"{HOSTILE}通常采用 催收、短信。{HOSTILE}"), 0)
    seen.reject(Reject(place, HOSTILE))
    facts = report.Facts(HOSTILE, [HOSTILE], HOSTILE, 1.0, 1, {HOSTILE: HOSTILE}, HOSTILE)
    page, told = written(tmp_path, seen, facts)
    assert "<img" not in page
    assert "<script" not in page
    assert page.count("&lt;img") >= 8
    assert told["rejects"]["groups"][0]["reason"] == HOSTILE


def test_what_no_charset_holds_can_be_reported(tmp_path: Path) -> None:
    seen = Census(detailed=True)
    seen.add(Place("in\ud800.txt"), 50, jiaokan.repair("\ud800問題\x00\u200b\ud800"), 0)
    page, told = written(tmp_path, seen)
    assert "U+D800" in page
    assert "\x00" not in page
    assert told["documents"]["seen"] == 1


def test_a_run_over_nothing_is_reported(tmp_path: Path) -> None:
    page, told = written(tmp_path, Census(detailed=True), report.Facts("1", [], "now", 0.0))
    assert told["speed"]["documents"] is None
    assert page.count("<svg") == 7


def test_a_run_that_was_interrupted_tells_no_rates(tmp_path: Path) -> None:
    page, told = written(tmp_path, census(), report.Facts("1", [], "now", None))
    assert (told["speed"]["seconds"], told["speed"]["bytes"]) == (None, None)
    assert "not known" in page


def test_the_page_tells_how_many_files_there_were(tmp_path: Path) -> None:
    page, _ = written(tmp_path, census(), report.Facts("1", ["crawl/"], "now", 1.0, files=1234))
    assert "crawl/: 1,234 files" in page


def test_the_page_asks_for_nothing(tmp_path: Path) -> None:
    page, _ = written(tmp_path, census())
    seen = Asked()
    seen.feed(page)
    assert len(seen.links) > 5
    assert all(link.startswith("#") for link in seen.links)
    assert seen.tags.isdisjoint({"script", "link", "img", "image", "use", "iframe", "object", "embed", "base", "form"})
    assert not re.search(r"url\(|@import", "".join(seen.styles))
    assert "default-src 'none'" in page


class Asked(HTMLParser):
    """What a page has that may ask for something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.links, self.styles = set[str](), list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href", "action", "style")]

    def handle_data(self, data: str) -> None:
        self.styles += [data] if self.lasttag == "style" else []


def test_what_draws_is_loaded_when_it_is_needed() -> None:
    code = "import sys, jiaokan.batch.report; sys.exit(any(name in sys.modules for name in ('pygal', 'jinja2')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_chart_leaves_imports_as_they_were() -> None:
    assert charts.bars("Charsets", {"utf-8": 1})
    assert not [finder for finder in sys.meta_path if type(finder).__module__ == "pygal"]


def test_a_census_without_details_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="details"):
        report.write(Census(), FACTS, tmp_path / "report.html")
    assert not [*tmp_path.iterdir()]


def test_the_page_does_not_take_the_name_of_the_figures(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"report\.json is the name of the figures"):
        report.write(census(), FACTS, tmp_path / "report.json")
