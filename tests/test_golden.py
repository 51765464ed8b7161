"""Golden accounts: no document comes to anything else than what was recorded, and a change is told as what it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import golden
import jiaokan
from golden_documents import BENCH, FOLDERS, OPTIONS, Document, documents

PAGE = "及貸當(dāng)?shù)厣祥T催收"


def row(source: str | bytes = PAGE, **options: object) -> golden.Row:
    return golden.compute(Document("seeds/a page", source, {"default": options}))


def differences(kind: str) -> dict[str, str]:
    rows = {each.id: golden.compute(each) for each in documents(kind)}
    return golden.differences(golden.recorded(kind), rows)


def cell(text: str = "1", edits: str = "2", doubts: str = "3", reasons: str = "4") -> str:
    return ":".join((text, edits, doubts, reasons))


# What to do: python tests/golden.py check --against main; if the change is meant, python tests/golden.py record.
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_account_of_each_fixture_is_as_recorded(folder: str) -> None:
    assert differences(folder) == {}


@pytest.mark.long
@pytest.mark.parametrize("kind", BENCH)
def test_the_account_of_each_document_of_the_benches_is_as_recorded(kind: str) -> None:
    assert differences(kind) == {}


def test_each_option_is_recorded_for_each_fixture() -> None:
    rows = [each for folder in FOLDERS for each in golden.recorded(folder).values()]
    assert len(rows) > 800
    assert all(each.cells.keys() >= OPTIONS.keys() for each in rows)


def test_four_thousand_documents_of_the_benches_are_recorded() -> None:
    assert sum(number for number, _, _ in BENCH.values()) == 4000
    assert {kind: len(golden.recorded(kind)) for kind in BENCH} == {
        kind: number for kind, (number, _, _) in BENCH.items()
    }


def test_a_row_is_read_as_it_was_written() -> None:
    written = golden.Row("a/b: c = d", "012345", {"default": ".", "keep": ".", "cn": cell()})
    assert str(written).split("\t")[2:] == ["default=.", 'keep="', f"cn={cell()}"]
    assert golden.Row.read(str(written)) == written


def test_nothing_to_say_of_a_sound_text_and_of_what_was_read_from_bytes() -> None:
    assert row("现代金融").cells == {"default": "."}
    assert row("现代金融".encode()).cells != {"default": "."}
    assert row("现代金融").source != row("现代金融".encode()).source


def test_lines_that_end_otherwise_are_another_text() -> None:
    one, other = (golden.account(f"现代{end}金融", {})["text"] for end in ("\n", "\r\n"))
    assert one != other


def test_a_change_is_told_by_option_and_part() -> None:
    def told(**parts: str) -> str:
        old, new = (golden.Row("a", "1", {"default": ".", "keep": each}) for each in (cell(), cell(**parts)))
        return golden.differences({"a": old}, {"a": new}).get("a", "")

    assert told() == ""
    assert told(reasons="5") == "account changed: keep (reasons)"
    assert told(text="5", edits="5") == "account changed: keep (text, edits)"


def test_a_sound_text_that_changes_is_told_too() -> None:
    old = row("現代")._replace(cells={"default": "."})
    told = golden.differences({old.id: old}, {old.id: row("現代")})
    assert told == {old.id: "account changed: default (text, edits, reasons)"}


def test_another_document_is_no_change_of_an_account() -> None:
    old, new = row(), row(f"{PAGE}。")
    assert golden.differences({old.id: old}, {new.id: new}) == {old.id: "document changed"}
    assert golden.differences({}, {new.id: new}) == {new.id: "not recorded"}
    assert golden.differences({old.id: old}, {}) == {old.id: "document gone"}


def test_each_part_of_a_finding_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    done = jiaokan.repair(PAGE)
    (first, *rest), (each, *others) = done.rounds, done.rounds[0].findings
    before = golden.account(PAGE, {})

    def parts_changed(**values: object) -> set[str]:
        changed = first._replace(findings=(each._replace(**values), *others))
        other = jiaokan.Repair(done.source, done.text, (changed, *rest), done.doubts)
        monkeypatch.setattr(jiaokan, "repair", lambda *_, **__: other)
        now = golden.account(PAGE, {})
        return {name for name in golden.PARTS if before[name] != now[name]}

    assert parts_changed() == set()
    assert parts_changed(evidence="other") == {"reasons"}
    assert parts_changed(confidence=each.confidence - 0.002) == {"reasons"}
    assert parts_changed(confidence=each.confidence - 1e-9) == set()
    assert parts_changed(consent=jiaokan.Consent.SUGGESTED) == {"reasons"}


def test_what_raises_is_recorded_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("a")

    monkeypatch.setattr(jiaokan, "repair", fail)
    assert golden.account(PAGE, {})["text"] == ["raises KeyError"]
    assert row().cells != {"default": "."}


def test_the_command_tells_differences_and_records(tmp_path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(golden, "ACCOUNTS", tmp_path)
    assert golden.main(["check", "--only", "gaps", "-j", "1"]) == 1
    assert ": not recorded" in capsys.readouterr().out
    assert golden.main(["record", "--only", "gaps", "-j", "1"]) == 0
    assert golden.main(["record", "--only", "annotation", "-j", "1"]) == 0
    assert golden.main(["check", "--only", "gaps", "-j", "1"]) == 0
    assert "0 of 10 documents" in capsys.readouterr().out


def test_the_command_shows_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    name = next(documents("gaps")).id
    assert golden.main(["show", name]) == 0
    shown = capsys.readouterr().out
    assert f"== {name} (default)" in shown
    assert [name for name in golden.PARTS if f"\n{name:<8}" in shown] == ["text", "edits", "reasons"]


def test_another_package_answers_in_a_process_of_its_own() -> None:
    """What ``--against`` runs; the package is that of these tests here, for a checkout may come without its history."""
    service = Path(jiaokan.__file__).parents[1]
    asked = f'{service}\n{{"text": "{PAGE}", "options": {{}}}}'
    command = [sys.executable, golden.__file__, "accounts"]
    done = subprocess.run(command, input=asked, env={"PYTHONPATH": str(service)}, capture_output=True, encoding="utf-8")
    assert json.loads(done.stdout) == golden._lines(golden.account(PAGE, {}))
    elsewhere = subprocess.run(command, input=asked.replace(str(service), "/elsewhere"), capture_output=True, text=True)
    assert elsewhere.returncode != 0
