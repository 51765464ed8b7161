"""The keys that may use the service: a file of names and hashes, which may change while the service runs.

A token is 256 random bits, so its SHA-256 cannot be turned round by trying: there is no word list to try, and slow
hashes are for secrets that people choose. Whoever reads the file can therefore not use what is in it.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import secrets
import tempfile
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from jiaokan.web.traces import trace

_BYTES: Final = 32  # of randomness in a token: 256 bits
_MODE: Final = 0o600
_LINE: Final = re.compile(r"([\w.-]{1,64})\s+([0-9a-f]{64})", re.ASCII)
_NAME: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)

_log: Final = logging.getLogger("jiaokan.web")


class Key(NamedTuple):
    """One line of the file: who the token belongs to, and its SHA-256 in hexadecimal digits."""

    name: str
    digest: str


def parsed(content: str) -> tuple[Key, ...]:
    """The keys in the text of a file: ``name digest`` a line, beside blank lines and comments after ``#``.

    >>> [key.name for key in parsed("# of the crawler\\ncrawler " + "0" * 64)]
    ['crawler']

    Raises:
        ValueError: a line is something else, or a name stands twice.
    """
    keys: dict[str, Key] = {}
    for number, line in enumerate(content.splitlines(), 1):
        if not (line := line.partition("#")[0].strip()):
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"line {number} is not a name and a SHA-256 in 64 hexadecimal digits")
        if match[1] in keys:
            raise ValueError(f"line {number} has a name that stands above already: {match[1]}")
        keys[match[1]] = Key(*match.groups())
    return tuple(keys.values())


class Keys:
    """The keys of a file, read again whenever it has changed.

    Raises:
        OSError: the file cannot be read at the start.
        ValueError: it holds what is no key at the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._stamp = _stamp(path)
        self._keys = parsed(path.read_text("utf-8"))

    def owner(self, token: str) -> str | None:
        """The name that goes with ``token``; every key is compared in full, so that time tells nothing."""
        self._refresh()
        digest = sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
        found = None
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key.name
        return found

    def _refresh(self) -> None:
        """Read a changed file. One that is broken, or gone, is told once in the log, and the old keys stay."""
        if self._stamp == _stamp(self._path):
            return
        with self._lock:
            if self._stamp == (stamp := _stamp(self._path)):
                return  # another thread was here first
            self._stamp = stamp
            try:
                self._keys = parsed(self._path.read_text("utf-8"))
            except (OSError, ValueError) as error:
                reason = trace(error) if isinstance(error, UnicodeError) else error
                _log.error("the tokens file was not read, and the old keys stay: %s", reason)
            else:
                _log.info("the tokens file was read anew: %d keys", len(self._keys))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def add(name: str, path: Path) -> str:
    """A new token for ``name``, whose hash is appended to the file, which is made if it is not there.

    The file is replaced whole, so that a service never reads half of it.

    Raises:
        OSError: the file cannot be read or written.
        ValueError: the name is not one, or has a token; or the file holds what is no key.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"a name is 1 to 64 letters, digits, dots, dashes and underscores, not {name!r}")
    try:
        content, mode = path.read_text("utf-8"), path.stat().st_mode & 0o777
    except FileNotFoundError:
        content, mode = "", _MODE
    if any(key.name == name for key in parsed(content)):
        raise ValueError(f"{name} has a token: remove its line first, or choose another name")
    token = secrets.token_urlsafe(_BYTES)
    lines = [*content.splitlines(), f"{name} {sha256(token.encode()).hexdigest()}"]
    _replace(path, "".join(f"{line}\n" for line in lines), mode)
    return token


def _replace(path: Path, content: str, mode: int) -> None:
    path = path.resolve()  # a link to the file stays a link
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            os.fchmod(handle, mode)
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise
