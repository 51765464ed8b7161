"""Writing a file whole or not at all: a reader sees the old file or the new one, never a part."""

from __future__ import annotations

import errno
import filecmp
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from jiaokan.batch.plan import STATE

# What tells that nothing more can be written, whichever file it is.
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class StoppedError(Exception):
    """Nothing more can be written; the message says where and why, in one line."""


@contextmanager
def stopping(path: Path) -> Iterator[None]:
    """Whatever cannot be written meanwhile, at ``path`` or where the error says, ends the run.

    Raises:
        StoppedError: instead of an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise StoppedError(f"{error.filename2 or error.filename or path}: {error.strerror or error}") from None


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: it could not be written; what stood at ``path`` still does.
    """
    with drafted(path) as file:
        file.write(content)


@contextmanager
def drafted(
    path: Path, draft: Path | None = None, backup: Callable[[], bool] = lambda: False, durable: bool = True
) -> Iterator[BinaryIO]:
    """A file to write, which takes its place at ``path`` when all is written, and is on the disk by then.

    Args:
        path: where it is to stand.
        draft: where it is written until then; beside ``path`` by default, under a name that nobody has.
        backup: whether to keep what stood there, under its name and ``.bak``; asked when all is written.
        durable: whether it must outlive the machine.

    Raises:
        OSError: it could not be written; what stood at ``path`` still does.
    """
    # Beside its target, because a rename is atomic only within one file system.
    draft = draft or path.with_name(f"{STATE}-{secrets.token_hex(8)}")
    try:
        with draft.open("wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        settle(draft, path, backup(), durable)
    finally:
        draft.unlink(missing_ok=True)


def settle(draft: Path, path: Path, backup: bool = False, durable: bool = True) -> None:
    """Put a draft that is on the disk in its place; if the same stands there already, that stays."""
    if path.exists():
        if filecmp.cmp(draft, path, shallow=False):
            draft.unlink()
            return
        with suppress(OSError):  # a file system without rights
            os.chmod(draft, path.stat().st_mode)
        if backup:
            _keep(path)
    os.replace(draft, path)
    if durable:
        _sync_names(path.parent)


def _sync_names(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _keep(path: Path) -> None:
    """A second name for a file, which stays when the first is given to another: there is no moment without it."""
    number = 1
    while True:
        kept = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        try:
            os.link(path, kept)
        except FileExistsError:
            if os.path.samefile(path, kept):  # an earlier run was interrupted between here and the rename
                return
            number += 1
        else:
            return
