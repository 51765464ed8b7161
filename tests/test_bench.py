"""The bench: what one harness prints and keeps, the small corpus, the forward models, and what is counted and moved."""

from __future__ import annotations

import ast
import hashlib
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import corpus, harness, tables
from bench.corpus import SMALL
from bench.harness import ROOT
from bench.tasks import numbers, speed, sweep
from bench.tasks.numbers import Number, numbers_in, weights_in
from jiaokan import repair

TABLE = tables.Table("shares", ("samples", "exact"), [("all", [1200, 98.5]), ("none", [0, None])])


@pytest.fixture
def small() -> Iterator[None]:
    corpus.choose(small=True)
    yield
    corpus.choose(small=False)


def test_forward_models_know_nothing_of_jiaokan() -> None:
    files = [*(ROOT / "bench" / "forward").glob("*.py"), ROOT / "bench" / "corpus.py"]
    assert len(files) > 10
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] != "jiaokan", file
                assert not name.startswith("bench.") or name == "bench.corpus" or name.startswith("bench.forward"), file


def test_the_small_corpus_is_what_its_sources_say() -> None:
    raw = SMALL.read_bytes()
    assert len(raw) < 300_000
    assert hashlib.sha256(raw).hexdigest() in (SMALL.parent / "SOURCES.md").read_text("utf-8")


def test_every_task_has_a_module_that_says_what_it_measures() -> None:
    for name in harness.TASKS:
        code = (ROOT / "bench" / "tasks" / f"{name.replace('-', '_')}.py").read_text("utf-8")
        assert ast.get_docstring(ast.parse(code)), name
        assert re.search(r"^TASK: Final = Task\(", code, re.MULTILINE), name


def test_results_are_the_same_after_they_were_kept() -> None:
    blocks = [TABLE, tables.Lines("places", ["a", "b"]), tables.Bar("share", 0.5, 0.6)]
    kept = [tables.from_json(json.loads(json.dumps(tables.to_json(block)))) for block in blocks]
    assert [tables.markdown(block) for block in kept] == [tables.markdown(block) for block in blocks]
    assert tables.markdown(TABLE).splitlines()[-2:] == ["| all | 1,200 | 98.50 |", "| none | 0 | - |"]


@pytest.mark.parametrize(("found", "at_most", "reached"), [(0.5, False, False), (0.6, False, True), (0.7, True, False)])
def test_a_bar_is_reached_or_not(found: float, at_most: bool, reached: bool) -> None:
    assert tables.Bar("share", found, 0.6, at_most).reached is reached


def test_a_task_runs_offline_and_its_result_is_kept_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: None
) -> None:
    path = tmp_path / "kept.json"
    assert harness.main(["lessons", "-n", "1", "--small", "--workers", "1", "--json", str(path)]) == 0
    printed = capsys.readouterr().out
    kept = json.loads(path.read_text("utf-8"))
    assert kept["task"] == "lessons"
    assert [label for label, _ in kept["results"][0]["rows"]][:2] == ["a table", "every character"]
    assert harness.main(["show", str(path), "--markdown"]) == 0
    assert "| every character |" in capsys.readouterr().out
    assert "every character" in printed


def test_an_unknown_task_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert harness.main(["nonsense"]) == 2
    assert "accuracy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("GAIN = -3.0", ["3.0"]),
        ("A, B = 0, 1", []),
        ("PAIR = 2", ["2"]),
        ("TABLE = {'a': 0.5, 'b': (3, 2)}", ["0.5", "3", "2"]),
        ("PRICES = {-1.2: 'ab', -3.4: 'c'}", ["table of 2"]),
        ("FIRST = 0x4E00", []),
        ("def f(x, reach=12):\n    return x > 5", ["12", "5"]),
        ("def f(x):\n    return x[3:7] + x[2]", []),
        ("def f(x):\n    return x + 3, 10 ** x, x // 4", []),
        ("def f(x):\n    return x + 3 > 5, x * 0.3", ["3", "5", "0.3"]),
        ("def f(x):\n    return x == 2", []),
        ("@lru_cache(maxsize=4096)\ndef f(x):\n    'at most {2,3}'", []),
        ("WORD = re.compile(r'[a-z]{2,8}x{4}')", ["2", "8"]),
        ("WORD = f'[{CLASS}]{{,6}}'", ["6"]),
        ("汉 = '汉字'; LEAST = 7", ["7"]),
    ],
)
def test_what_counts_as_a_number(code: str, values: list[str]) -> None:
    assert [number.value for number in numbers_in(code)] == values


def test_weights_count_by_their_values() -> None:
    gain = '[gain]\nvalue = 4.5  # of 7\nfigure = "12 of 13"\nmeasured = 12\n\n'
    text = f"{gain}[reach]\nleft = 6\nnear = {{value = 3, n = 9}}\n"
    found = [(number.name, number.value, number.places[0].line) for number in weights_in(text)]
    assert found == [("gain.value", "4.5", 2), ("reach.left", "6", 7), ("reach.near", "3", 8)]


def test_every_number_of_the_core_stands_where_it_is_said_to_stand() -> None:
    every = numbers.core_numbers()
    assert {number.part for number in every} >= {"alignment", "charset", "lexicon", "transcoding"}
    for number in every:
        lines = (numbers.CORE / number.file).read_text("utf-8").splitlines()
        for place in number.places:
            assert re.fullmatch(r"[\d._e-]+", lines[place.line - 1][place.start : place.end]), number


@pytest.mark.parametrize(
    ("literal", "up", "down"),
    [("3.0", "4.5", "2.0"), ("2", "3", "1"), ("1", "2", "0"), ("0.25", "0.5", "0.16666666666666669")],
)
def test_a_number_is_moved_by_half(literal: str, up: str, down: str) -> None:
    assert (sweep.moved(literal, "up"), sweep.moved(literal, "down")) == (up, down)


def test_only_the_number_is_moved_in_the_copy(tmp_path: Path) -> None:
    number = next(each for each in numbers.core_numbers() if each.kind == "tables")
    sweep.copy_with(number, "up", tmp_path)
    before = (numbers.CORE / number.file).read_text("utf-8").splitlines()
    after = (tmp_path / "jiaokan" / number.file).read_text("utf-8").splitlines()
    changed = [at for at, pair in enumerate(zip(before, after, strict=True), start=1) if pair[0] != pair[1]]
    assert changed == sorted({place.line for place in number.places})
    assert (tmp_path / "jiaokan" / "edits.py").is_symlink()


def test_a_moved_number_is_seen_in_what_is_repaired(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.write_bytes(pickle.dumps(["現(xiàn)代金融"]))
    number = next(each for each in numbers.core_numbers() if each.name == "BY_CHOICE")
    expected = sweep.outcomes(documents, numbers.CORE.parent)
    job = sweep.Job(number, "up", documents, expected, 60.0)
    assert sweep.measure(job) == {"key": job.key, "text": 0, "edits": 0, "doubts": 0, "any": 0}
    broken = Number(number.file, "fails", "x", number.places, "literals")
    other = [["0"] * 3]
    assert sweep.measure(job._replace(expected=other))["any"] == 1
    assert sweep.measure(job._replace(number=broken, documents=tmp_path / "none"))["failed"]


def test_the_parts_of_a_repair_are_timed_under_the_names_they_have() -> None:
    with speed._timed_parts() as spent:
        assert repair("現(xiàn)代金融").text == "现代金融"
    assert {"annotation", "script", "screen", "select", "apply"} <= spent.keys()
