"""Outputs never cost an input, each other, or what stood there before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jiaokan.batch.files import destinations, write


def test_each_input_gets_a_file_of_its_own_name(tmp_path: Path) -> None:
    inputs = [Path("a/one.txt"), Path("b/two")]
    assert destinations(inputs, tmp_path) == [tmp_path / "one.txt", tmp_path / "two"]


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["a/p.txt", "b/p.txt", "c/p.txt"], ["p.txt", "p-2.txt", "p-3.txt"]),
        (["a/p.txt", "b/p.txt", "c/p-2.txt"], ["p.txt", "p-2.txt", "p-2-2.txt"]),
        (["a/p.txt", "a/p.txt"], ["p.txt", "p-2.txt"]),
        (["a/p.txt", "b/P.TXT"], ["p.txt", "P-2.TXT"]),
        (["a/p", "b/p"], ["p", "p-2"]),
    ],
)
def test_names_never_clash(inputs: list[str], names: list[str], tmp_path: Path) -> None:
    assert [path.name for path in destinations([Path(name) for name in inputs], tmp_path)] == names


def test_an_input_is_never_a_destination(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    with pytest.raises(ValueError, match="is an input"):
        destinations([page], tmp_path)
    with pytest.raises(ValueError, match="is an input"):
        destinations([tmp_path / "other" / "page.txt", tmp_path / "other" / ".." / "page.txt"], tmp_path)


def test_an_input_behind_a_link_is_never_a_destination(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(ValueError, match="is an input"):
        destinations([tmp_path / "real" / "page.txt"], tmp_path / "link")
    (tmp_path / "page.txt").symlink_to(tmp_path / "real" / "page.txt")
    with pytest.raises(ValueError, match="is an input"):
        destinations([tmp_path / "page.txt"], tmp_path / "real")


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
