"""What the image is made from agrees with the rest: its locks with pyproject.toml, compose.yaml with the settings."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
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


def locked(lock: str) -> dict[str, tuple[str, str]]:
    """The version of each package of a lock, and all that stands with it: its hashes and what asked for it."""
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / "image" / f"{lock}.lock").read_text("utf-8"), flags=re.MULTILINE)[1:]
    found = (re.match(r"([^=\s]+)==([^\s;]+)", entry) for entry in entries)
    return {canonicalize_name(m[1]): (m[2], m.string) for m in found if m}


@pytest.mark.parametrize("lock", ["requirements", "build"])
def test_every_requirement_is_locked_at_a_version_it_allows(lock: str) -> None:
    versions = locked(lock)
    for requirement in wanted(lock):
        version, _ = versions.get(canonicalize_name(requirement.name), ("0", ""))
        assert requirement.specifier.contains(version), f"{requirement}: {STALE}"


def test_nothing_is_locked_for_a_requirement_that_is_gone() -> None:
    asked = {name for name, (_, entry) in locked("requirements").items() if "jiaokan (pyproject.toml)" in entry}
    assert asked == {canonicalize_name(each.name) for each in wanted("requirements")}, STALE


@pytest.mark.parametrize("lock", ["requirements", "build"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    assert locked(lock)
    assert [name for name, (_, entry) in locked(lock).items() if "--hash=sha256:" not in entry] == []


# Before a program: none of what is left out can be imported.
HIDDEN = f"import sys; sys.modules.update(dict.fromkeys({sorted(left_out())})); "


def test_what_is_left_out_is_asked_for_and_not_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert left_out() <= {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    assert not left_out() & set(locked("requirements")), STALE


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
