"""Documents in files: where each one goes, and writing it whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path


def destinations(inputs: Sequence[Path], folder: Path) -> list[Path]:
    """A path in ``folder`` for each input, under its own name; a name already taken gets a number.

    Names that differ in case only count as the same, as they do on some file systems.

    >>> [str(path) for path in destinations([Path("a/page.txt"), Path("b/page.txt")], Path("clean"))]
    ['clean/page.txt', 'clean/page-2.txt']

    Raises:
        ValueError: a destination is one of the inputs.
    """
    sources = {place for path in inputs for place in (path.resolve(), _entry(path))}
    taken: set[str] = set()
    found = []
    for path in inputs:
        target = folder / _free_name(path, taken)
        taken.add(target.name.casefold())
        if sources & {target.resolve(), _entry(target)}:
            raise ValueError(f"{target} is an input")
        found.append(target)
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a reader sees the old file or the new one, never a part.

    Raises:
        OSError: it could not be written; what stood at ``path`` still does.
    """
    # Beside its target, because a rename is atomic only within one file system.
    draft = path.with_name(f".jiaokan-{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _entry(path: Path) -> Path:
    """The place of a path itself, where ``resolve`` gives the place a link points to."""
    return path.parent.resolve() / path.name


def _free_name(path: Path, taken: Iterable[str]) -> str:
    name, number = path.name, 1
    while name.casefold() in taken:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    return name
