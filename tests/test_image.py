"""What the image is made from agrees with the rest: its locks with pyproject.toml, compose.yaml with the settings."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import SERVICE
from jiaokan.settings import Settings

ROOT = Path(__file__).parents[1]
# The image says itself where in the container the service listens.
OF_THE_IMAGE = {"JIAOKAN_HOST", "JIAOKAN_PORT"}
STALE = "pyproject.toml and the locks disagree: make lock"


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml asks of the packages in a lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    part = project["project"]["dependencies"] if lock == "requirements" else project["build-system"]["requires"]
    asked = [Requirement(line) for line in part]
    return [each for each in asked if canonicalize_name(each.name) not in left_out()]


def left_out() -> set[str]:
    """The requirements that the image does without."""
    lines = (ROOT / "image" / "without.txt").read_text("utf-8").splitlines()
    return {canonicalize_name(name) for line in lines if (name := line.partition("#")[0].strip())}


def locked(path: Path) -> dict[str, set[tuple[str, str]]]:
    """The versions of each package of a lock, each with all that stands with it: its hashes and what asked for it."""
    entries = re.split(r"^(?=[a-z0-9])", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    found: dict[str, set[tuple[str, str]]] = {}
    for entry in entries:
        name, version = re.match(r"([^=\s]+)==([^\s;]+)", entry).groups()  # type: ignore[union-attr]
        found.setdefault(canonicalize_name(name), set()).add((version, entry))
    return found


OF_IMAGE = {lock: ROOT / "image" / f"{lock}.lock" for lock in ("requirements", "build")}
LOCK = ROOT / "requirements.lock"


@pytest.mark.parametrize("lock", OF_IMAGE)
def test_every_requirement_of_the_image_is_locked_at_a_version_it_allows(lock: str) -> None:
    versions = locked(OF_IMAGE[lock])
    for requirement in wanted(lock):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert any(requirement.specifier.contains(version) for version, _ in found), f"{requirement}: {STALE}"


def test_every_requirement_is_locked_at_versions_it_allows() -> None:
    """Of jiaokan, of all its extras and of what builds it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"], *chain.from_iterable(extras)]
    versions = locked(LOCK)
    for requirement in map(Requirement, asked):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement}: {STALE}"
        assert all(requirement.specifier.contains(version) for version, _ in found), f"{requirement}: {STALE}"


def test_nothing_is_locked_for_a_requirement_that_is_gone() -> None:
    entries = locked(OF_IMAGE["requirements"]).items()
    asked = {name for name, found in entries for _, entry in found if "jiaokan (pyproject.toml)" in entry}
    assert asked == {canonicalize_name(each.name) for each in wanted("requirements")}, STALE


@pytest.mark.parametrize("lock", OF_IMAGE)
def test_the_image_has_the_versions_of_the_lock(lock: str) -> None:
    every = locked(LOCK)
    of_image = locked(OF_IMAGE[lock])
    assert of_image
    for name, found in of_image.items():
        assert {version for version, _ in found} <= {version for version, _ in every.get(name, ())}, f"{name}: {STALE}"


@pytest.mark.parametrize("path", [LOCK, *OF_IMAGE.values()], ids=lambda path: path.name)
def test_a_lock_names_no_host(path: Path) -> None:
    """Not the mirror of who ran `make lock`: where packages come from is up to who installs them."""
    assert "://" not in path.read_text("utf-8")


def test_the_group_that_builds_is_what_building_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["dependency-groups"]["build"] == project["build-system"]["requires"]


@pytest.mark.parametrize("path", [LOCK, *OF_IMAGE.values()], ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(path: Path) -> None:
    every = [(name, entry) for name, found in locked(path).items() for _, entry in found]
    assert every
    assert [name for name, entry in every if "--hash=sha256:" not in entry] == []


# Before a program: none of what is left out can be imported.
HIDDEN = f"import sys; sys.modules.update(dict.fromkeys({sorted(left_out())})); "


def test_what_is_left_out_is_asked_for_and_not_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert left_out() <= {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    assert not left_out() & set(locked(OF_IMAGE["requirements"])), STALE


def test_a_service_needs_nothing_that_is_left_out() -> None:
    """What the Dockerfile runs to show that the image works, and the command line, where these cannot be imported."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    (shown,) = re.findall(r'^RUN \["/opt/jiaokan/bin/python", "-c", +(".+")\]$', lines, flags=re.MULTILINE)
    (code,) = shlex.split(shown)
    asked = [sys.executable, "-c", f"{HIDDEN}{code}; import jiaokan.cli"]
    assert subprocess.run(asked, env={"PYTHONPATH": str(SERVICE)}, check=False).returncode == 0


JOBS = """
from pathlib import Path
from jiaokan.batch.jobs import Jobs
from jiaokan.batch.pieces import Shape
from jiaokan.batch.plan import Input
(failure,) = Jobs(Shape("-"), Path(), format=sys.argv[1]).of(0, Input(sys.argv[2], "x"))
print(failure.reason, failure.again)
"""


@pytest.mark.parametrize(("name", "lacking"), [("parquet", "pyarrow"), ("arrow", "pyarrow"), ("warc", "resiliparse")])
def test_a_file_that_takes_what_is_left_out_is_told_in_one_line(name: str, lacking: str) -> None:
    """It is not done with: a run that goes on where the library is installed reads it."""
    asked = [sys.executable, "-c", HIDDEN + JOBS, name, __file__]
    ran = subprocess.run(asked, env={"PYTHONPATH": str(SERVICE)}, capture_output=True, text=True, check=True)
    assert ran.stdout == f"to read {name} takes {lacking}, which is not installed: pip install {lacking} True\n"


def test_compose_passes_on_every_setting() -> None:
    known = {f"JIAOKAN_{field.name.upper()}" for field in fields(Settings)}
    assert set(service()["environment"]) >= known - OF_THE_IMAGE


def test_compose_gives_the_service_no_more_than_it_needs() -> None:
    asked = service()
    assert asked["read_only"] is True
    assert asked["cap_drop"] == ["ALL"]
    assert asked["security_opt"] == ["no-new-privileges:true"]
    assert [mount.partition(":")[0] for mount in asked["tmpfs"]] == ["/tmp"]
    assert all(":-127.0.0.1:" in port for port in asked["ports"]), "by default a port is for this machine alone"


def service() -> dict[str, Any]:
    """The service of compose.yaml."""
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    asked: dict[str, Any] = composed["services"]["jiaokan"]
    return asked
