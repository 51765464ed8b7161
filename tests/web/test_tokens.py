"""Keys: made once, kept as hashes, exchanged while the service runs."""

from __future__ import annotations

import logging
import os
from hashlib import sha256
from pathlib import Path

import pytest

from jiaokan.web import tokens
from jiaokan.web.tokens import Keys, parsed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


def test_a_token_is_known_by_its_hash_alone(path: Path) -> None:
    token = tokens.add("crawler", path)
    assert path.read_text() == f"crawler {sha256(token.encode()).hexdigest()}\n"
    assert len(token) >= 256 / 6
    assert path.stat().st_mode & 0o777 == 0o600
    keys = Keys(path)
    assert keys.owner(token) == "crawler"
    for wrong in ("", token[:-1], f"{token}x", path.read_text().split()[1], "\udcff", "題"):
        assert keys.owner(wrong) is None


def test_what_stands_in_the_file_stays(path: Path) -> None:
    path.write_text("# ours\n\nold " + "0" * 64 + "  # until June")
    path.chmod(0o640)
    tokens.add("new", path)
    assert path.read_text().startswith("# ours\n\nold " + "0" * 64 + "  # until June\nnew ")
    assert [key.name for key in parsed(path.read_text())] == ["old", "new"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in path.parent.iterdir()] == ["tokens"]


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("")
    path.symlink_to("real")
    tokens.add("crawler", path)
    assert path.is_symlink()
    assert (tmp_path / "real").read_text().startswith("crawler ")


@pytest.mark.parametrize("name", ["", "a b", "a\nb", "x" * 65, "#a", "題"])
def test_a_name_that_is_none_is_refused(name: str, path: Path) -> None:
    with pytest.raises(ValueError, match="a name is 1 to 64 letters"):
        tokens.add(name, path)
    assert not path.exists()


def test_a_name_has_one_token(path: Path) -> None:
    tokens.add("crawler", path)
    before = path.read_text()
    with pytest.raises(ValueError, match="crawler has a token: remove its line first"):
        tokens.add("crawler", path)
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("crawler", "line 1 is not a name and a SHA-256"),
        ("\ncrawler " + "0" * 63, "line 2 is not"),
        ("crawler " + "G" * 64, "line 1 is not"),
        ("a " + "0" * 64 + "\na " + "1" * 64, "line 2 has a name that stands above already: a"),
    ],
)
def test_a_line_that_is_no_key_is_told_by_its_number(content: str, complaint: str, path: Path) -> None:
    path.write_text(content)
    with pytest.raises(ValueError, match=complaint):
        Keys(path)
    with pytest.raises(ValueError, match=complaint):
        tokens.add("b", path)
    assert path.read_text() == content


def test_keys_change_while_the_service_runs(path: Path) -> None:
    first = tokens.add("first", path)
    keys = Keys(path)
    second = tokens.add("second", path)
    assert (keys.owner(first), keys.owner(second)) == ("first", "second")
    path.write_text(path.read_text().splitlines()[1])
    assert (keys.owner(first), keys.owner(second)) == (None, "second")


def test_a_change_of_the_same_size_at_the_same_time_is_seen(path: Path) -> None:
    """As a tool does that writes the file beside the old one and sets its time."""
    path.write_text("a " + "0" * 64)
    keys, before = Keys(path), path.stat()
    other = path.with_name("other")
    other.write_text("a " + sha256(b"token").hexdigest())
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert keys.owner("token") == "a"


@pytest.mark.parametrize("harm", ["broken", "gone", "not UTF-8"])
def test_a_broken_file_keeps_the_old_keys_and_is_told_once(
    harm: str, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token = tokens.add("crawler", path)
    whole = path.read_bytes()
    keys = Keys(path)
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\xff\xfe" if harm == "not UTF-8" else b"half a li")
    for _ in range(3):
        assert keys.owner(token) == "crawler"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "the old keys stay" in caplog.text
    path.write_bytes(whole + b"\n")
    assert keys.owner(token) == "crawler"
