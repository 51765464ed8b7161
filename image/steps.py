"""A Dockerfile as the steps of its stages, and the files that a build may copy: what ``rehearse`` carries out.

Rule of this file: an instruction that is not understood here is an error, never skipped.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from dockerfile_parse import DockerfileParser
from pathspec import GitIgnoreSpec

CARRIED_OUT: Final = ("RUN", "COPY", "WORKDIR", "ENV", "USER")
REMEMBERED: Final = ("CMD", "HEALTHCHECK", "EXPOSE")


class Step(NamedTuple):
    """One instruction of a stage, such as ``RUN`` with its command."""

    name: str
    value: str


class Stage(NamedTuple):
    """What comes after one ``FROM``: the image or stage it begins with, its own name, and its steps."""

    base: str
    name: str
    steps: tuple[Step, ...]


def stages(dockerfile: Path) -> list[Stage]:
    """The stages of a Dockerfile, in order; a stage without a name gets its number.

    Raises:
        ValueError: an instruction is not known here, or stands before the first ``FROM``.
    """
    found: list[tuple[str, str, list[Step]]] = []
    for line in DockerfileParser(path=str(dockerfile), env_replace=False).structure:
        name, value = line["instruction"], line["value"]
        if name == "FROM":
            base, *alias = value.split()
            found.append((base, alias[-1] if alias else str(len(found)), []))
        elif name in (*CARRIED_OUT, *REMEMBERED) and found:
            found[-1][2].append(Step(name, value))
        elif name != "COMMENT":
            raise ValueError(f"{dockerfile}: {name} is not known to the rehearsal, or stands before FROM")
    return [Stage(base, name, tuple(steps)) for base, name, steps in found]


def words(value: str) -> list[str]:
    """The arguments of ``CMD`` or ``RUN``: those of the JSON form, or a shell with the line.

    >>> words('["jiaokan", "serve"]')
    ['jiaokan', 'serve']
    >>> words("true && false")
    ['/bin/sh', '-c', 'true && false']
    """
    if value.startswith("["):
        return [str(word) for word in json.loads(value)]
    return ["/bin/sh", "-c", value]


def assignments(value: str) -> dict[str, str]:
    """The variables of ``ENV``.

    >>> assignments('A=1 B="2 3"')
    {'A': '1', 'B': '2 3'}
    """
    return dict(pair.split("=", 1) for pair in shlex.split(value))


def copied(value: str) -> tuple[str | None, list[str], str]:
    """The stage that ``COPY`` takes from, if any, what it takes, and where to.

    >>> copied("--from=build /opt/a /opt/b")
    ('build', ['/opt/a'], '/opt/b')

    Raises:
        ValueError: it has another option than ``--from``.
    """
    options = [word for word in value.split() if word.startswith("--")]
    *sources, target = [word for word in value.split() if not word.startswith("--")]
    origins = [option.removeprefix("--from=") for option in options if option.startswith("--from=")]
    if len(origins) != len(options) or len(origins) > 1:
        raise ValueError(f"COPY {value}: only one --from is known to the rehearsal")
    return (origins[0] if origins else None), sources, target


def probe(value: str) -> list[str]:
    """The command of ``HEALTHCHECK``.

    >>> probe('--interval=30s     CMD ["true"]')
    ['true']
    """
    return words(value.partition("CMD ")[2])


def context(root: Path) -> Iterator[Path]:
    """The files under ``root`` that a build gets to see: those that ``.dockerignore`` lets through."""
    ignored = GitIgnoreSpec.from_lines(map(_rooted, (root / ".dockerignore").read_text("utf-8").splitlines()))
    for path in sorted(root.rglob("*")):
        within = path.relative_to(root)
        if within.parts[0] not in (".git", ".venv", "build") and path.is_file() and not ignored.match_file(within):
            yield within


def _rooted(pattern: str) -> str:
    """The same pattern for Git, which looks for one without a slash at any depth; Docker looks at the top."""
    bare = pattern.removeprefix("!")
    if not bare or bare.startswith(("#", "**/", "/")):
        return pattern
    return f"{'!' if bare != pattern else ''}/{bare}"
