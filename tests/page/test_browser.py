"""A browser is found, or installed, or asked for in one line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from page import browser

OWN = "/nowhere/chromium"
PLAYWRIGHT: Any = SimpleNamespace(chromium=SimpleNamespace(executable_path=OWN))


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without a browser, and what is run on it."""
    made: list[str] = []
    monkeypatch.setattr(browser, "NAMES", ("no-such-chromium",))
    monkeypatch.setattr(browser, "ran", lambda command: made.append(command[-1]))
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    return made


def test_what_cannot_be_had_is_asked_for_in_one_line(commands: Sequence[str]) -> None:
    with pytest.raises(RuntimeError, match=r"^The page needs Chromium: run .*apt-get install chromium.*\.$"):
        browser.installed(PLAYWRIGHT)
    assert commands == ["chromium", "-qq", "chromium"]


def test_a_user_installs_nothing_for_all(commands: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    with pytest.raises(RuntimeError):
        browser.installed(PLAYWRIGHT)
    assert commands == ["chromium"]


def test_what_is_there_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert browser.found(PLAYWRIGHT) == "/usr/bin/chromium"
    own = tmp_path / "chromium"
    own.touch()
    assert browser.found(SimpleNamespace(chromium=SimpleNamespace(executable_path=str(own)))) == str(own)
