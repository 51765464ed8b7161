"""Outputs never cost an input, each other, or what stood there before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jiaokan.batch.files import drafted, write
from jiaokan.batch.plan import Input, targets


def given(*paths: str) -> list[Input]:
    return [Input(path, Path(path).name) for path in paths]


def test_each_input_gets_a_file_of_its_own_name(tmp_path: Path) -> None:
    assert targets(given("a/one.txt", "b/two"), tmp_path) == [tmp_path / "one.txt", tmp_path / "two"]


def test_a_folder_keeps_its_shape(tmp_path: Path) -> None:
    inputs = [Input("crawl/2026/a.txt", "2026/a.txt"), Input("crawl/2025/a.txt", "2025/a.txt")]
    assert targets(inputs, tmp_path) == [tmp_path / "2026" / "a.txt", tmp_path / "2025" / "a.txt"]


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["a/p.txt", "b/p.txt", "c/p.txt"], ["p.txt", "p-2.txt", "p-3.txt"]),
        (["a/p.txt", "b/p.txt", "c/p-2.txt"], ["p.txt", "p-2.txt", "p-2-2.txt"]),
        (["a/p.txt", "a/p.txt"], ["p.txt", "p-2.txt"]),
        (["a/p.txt", "b/P.TXT"], ["p.txt", "P-2.TXT"]),
        (["a/p", "b/p"], ["p", "p-2"]),
        (["a/rejects.jsonl"], ["rejects-2.jsonl"]),
    ],
)
def test_names_never_clash(inputs: list[str], names: list[str], tmp_path: Path) -> None:
    assert [path.name for path in targets(given(*inputs), tmp_path)] == names


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.jsonl", "a.txt"), ("a.warc.gz", "a.txt.gz"), ("a.html", "a.html"), ("a.parquet", "a.txt")],
)
def test_a_file_of_texts_alone_is_called_so(name: str, expected: str, tmp_path: Path) -> None:
    assert [path.name for path in targets(given(name), tmp_path, text_only=True)] == [expected]


def test_an_input_is_never_a_target(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    with pytest.raises(ValueError, match="is an input"):
        targets(given(str(page)), tmp_path)
    with pytest.raises(ValueError, match="is an input"):
        targets(given(f"{tmp_path}/other/page.txt", f"{tmp_path}/other/../page.txt"), tmp_path)


def test_an_input_behind_a_link_is_never_a_target(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(ValueError, match="is an input"):
        targets(given(f"{tmp_path}/real/page.txt"), tmp_path / "link")
    (tmp_path / "page.txt").symlink_to(tmp_path / "real" / "page.txt")
    with pytest.raises(ValueError, match="is an input"):
        targets(given(f"{tmp_path}/page.txt"), tmp_path / "real")


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    write(page, b"new\r\n")
    assert page.read_bytes() == b"new\r\n"
    assert os.listdir(tmp_path) == ["page.txt"]


def test_a_new_file_has_the_rights_any_new_file_has(tmp_path: Path) -> None:
    write(tmp_path / "a", b"")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_file_keeps_its_rights(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    page.chmod(0o640)
    write(page, b"new")
    assert page.stat().st_mode & 0o777 == 0o640


def test_what_stood_there_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    page = tmp_path / "page.txt"
    page.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write(page, b"new")
    assert page.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["page.txt"]


def test_backups_are_never_overwritten(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    for content in (b"1", b"2", b"2", b"3"):
        with drafted(page, backup=lambda: True) as file:
            file.write(content)
    stood = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert stood == {"page.txt": b"3", "page.txt.bak": b"1", "page.txt.bak2": b"2"}
