"""The corpus in ``fixtures/``: a folder is the test, a case is data with a story.

``fixtures/FOLDER/NAME.toml`` holds one case, or several as ``[[case]]``; keys above the first ``[[case]]`` are shared
by all cases of the file. A case has:

* ``label``: what tells it from its neighbours;
* ``story``: what happened, for a person;
* ``found``: where it was met: a public place, ``owner/repository#number`` or ``https://…``, where it can be looked up;
  ``made``, or ``made: how``, if it was written for this project; ``unnamed: what is known`` for a real page whose
  address was not kept;
* ``source``: what comes in; ``clean``: what a careful person would make of it. Without ``clean`` the source must come
  back unchanged. A file with one case may keep its texts beside it, in ``NAME.source.txt`` and ``NAME.clean.txt``;
* ``faults``: the faults whose findings are applied, in any order;
* ``options``: the arguments of ``repair`` that are not their defaults;
* ``reason``: in ``unsolved/`` only: why this is not solved yet.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from jiaokan import Fault

ROOT: Final = Path(__file__).parent.parent / "fixtures"
DAMAGED: Final = ("seeds", "transcoding", "alignment", "annotation", "codepoints", "script", "gaps")
CLEAN: Final = "clean"
UNSOLVED: Final = "unsolved"

_KEYS: Final = {"label", "story", "found", "source", "clean", "faults", "options", "reason"}
_REQUIRED: Final = {"label", "story", "found", "source"}
_FOUND: Final = re.compile(
    r"(?P<made>made(?:: .+)?)|(?P<unnamed>unnamed: .+)|(?P<public>[\w.-]+/[\w.-]+#\d+|https?://\S+)"
)
_OPTIONS: Final = {"script", "punctuation", "charset", "consent", "skip", "dropped_words"}


@dataclass(frozen=True)
class Case:
    """One text and what should become of it."""

    folder: str
    file: str
    label: str
    story: str
    found: str
    source: str
    clean: str
    faults: frozenset[Fault] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.folder}/{self.file}: {self.label}"

    @property
    def origin(self) -> str | None:
        """What kind of place ``found`` names: "public", "made" or "unnamed"; None if it has none of the three forms."""
        match = _FOUND.fullmatch(self.found)
        return match.lastgroup if match else None


@cache
def cases(folder: str) -> tuple[Case, ...]:
    """Every case of one folder. Fails if there is none, if a file holds none, or if a case says something unknown."""
    files = sorted((ROOT / folder).glob("*.toml"))
    assert files or folder == UNSOLVED, f"no cases in {ROOT / folder}"
    found = tuple(case for file in files for case in _read(folder, file))
    labels = [str(case) for case in found]
    assert len(set(labels)) == len(labels), f"two cases of {folder} share a label"
    return found


def damaged() -> tuple[Case, ...]:
    """Every case that has something to repair."""
    return tuple(case for folder in DAMAGED for case in cases(folder))


def _read(folder: str, file: Path) -> Iterator[Case]:
    shared = tomllib.loads(file.read_bytes().decode("utf-8"))
    several = shared.pop("case", [{}])
    assert several, f"{file} holds no case"
    for own in several:
        yield _case(folder, file, {**_neighbours(file), **shared, **own})


def _neighbours(file: Path) -> dict[str, str]:
    """The texts beside a case, read without touching their line ends."""
    texts = {key: file.with_name(f"{file.stem}.{key}.txt") for key in ("source", "clean")}
    return {key: path.read_bytes().decode("utf-8") for key, path in texts.items() if path.exists()}


def _case(folder: str, file: Path, entry: dict[str, Any]) -> Case:
    assert entry.keys() <= _KEYS, f"{file}: unknown {entry.keys() - _KEYS}"
    assert entry.keys() >= _REQUIRED, f"{file}: {_REQUIRED - entry.keys()} missing"
    assert entry.get("options", {}).keys() <= _OPTIONS, f"{file}: unknown option"
    assert (folder == UNSOLVED) == ("reason" in entry), f"{file}: a reason belongs to unsolved cases"
    entry["faults"] = frozenset(Fault(name) for name in entry.get("faults", ()))
    entry.setdefault("clean", entry["source"])
    return Case(folder, file.stem, **entry)
