"""What a run of jiaokan leaves behind stays out of the repository and out of what is published."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from jiaokan.batch.journal import Journal
from jiaokan.batch.plan import REJECTS, STATE

ROOT = Path(__file__).parents[1]
STATES = (
    *(f"{STATE}/journal.jsonl", f"{STATE}-0", f"{STATE}-0-12", f"{STATE}-5f0a", f"{STATE}-{REJECTS}"),
    *(REJECTS, "page.txt.bak", "page.txt.bak2", "page.txt.bak12"),
)
# What the build reads beside the package.
BUILT_FROM = ("pyproject.toml", ".gitignore", "README.md", "LICENSE", "LICENSE.LGPL-2.1", "NOTICE")
PACKAGE = "service/jiaokan"


def ignored() -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text("utf-8").splitlines())


def test_a_run_keeps_its_journal_under_the_name_that_is_held_here(tmp_path: Path) -> None:
    with Journal(tmp_path / STATE, {}):
        pass
    assert [path.relative_to(tmp_path).as_posix() for path in (tmp_path / STATE).iterdir()] == [STATES[0]]


@pytest.mark.parametrize("folder", ["", "fixtures/clean/", f"{PACKAGE}/"])
@pytest.mark.parametrize("name", STATES)
def test_the_state_of_a_run_is_ignored(folder: str, name: str) -> None:
    assert ignored().match_file(folder + name)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_nothing_that_is_ignored_is_tracked() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = listed.decode().split("\0")[:-1]
    assert "pyproject.toml" in names
    assert list(ignored().match_files(names)) == []


def test_the_state_of_a_run_is_not_packed(tmp_path: Path) -> None:
    """It lies beside the sources and amid them, and is in neither the sdist nor the wheel."""
    tree = tmp_path / "tree"
    (tree / PACKAGE).mkdir(parents=True)
    for name in (*BUILT_FROM, f"{PACKAGE}/__init__.py"):
        shutil.copy(ROOT / name, tree / name)
    for name in STATES:
        for folder in (tree, tree / PACKAGE):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("state")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=tree, check=True, capture_output=True)
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with tarfile.open(sdist) as packed:
        source_names = packed.getnames()
    with zipfile.ZipFile(wheel) as packed_wheel:
        wheel_names = packed_wheel.namelist()
    for names, module in ((source_names, f"{PACKAGE}/__init__.py"), (wheel_names, "jiaokan/__init__.py")):
        assert any(name.endswith(module) for name in names)
        assert [name for name in names if name.endswith(STATES)] == []
