"""Where the language model comes from: one file of a Debian package, pinned by its version and its digest.

The package holds the model of an input method, LGPL-2.1-or-later by its copyright file. Its version is that of
Debian 12; what a release of Debian has stays in the archive.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from pathlib import Path
from typing import Final

PACKAGE: Final = "libime-data-language-model"
VERSION: Final = "1.0.16-1"
SHA256: Final = "a9363f915fbefc8ae1ddab3a8147b6c77fdeaa8adb8ab580bc130601d1539665"
MEMBER: Final = "usr/lib/*/libime/zh_CN.lm"


class SourceError(Exception):
    """The model file cannot be had; one line says why."""


def model_file(deb: Path | None = None) -> bytes:
    """The model file, out of the package at ``deb``, or out of the one that ``apt-get`` fetches if that is ``None``.

    Raises:
        SourceError: the package cannot be fetched or read, or is not the one that is pinned.
    """
    with tempfile.TemporaryDirectory() as folder:
        if deb is None:
            _run("apt-get", "-o", "APT::Sandbox::User=root", "download", f"{PACKAGE}={VERSION}", folder=folder)
            deb = next(Path(folder).glob("*.deb"))
        check(deb)
        _run("dpkg-deb", "--extract", str(deb.absolute()), "extracted", folder=folder)
        return next(Path(folder, "extracted").glob(MEMBER)).read_bytes()


def check(deb: Path) -> None:
    """
    Raises:
        SourceError: the file cannot be read or is not the pinned package.
    """
    try:
        digest = hashlib.sha256(deb.read_bytes()).hexdigest()
    except OSError as error:
        raise SourceError(f"{deb} cannot be read: {error.strerror}") from error
    if digest != SHA256:
        raise SourceError(f"{deb} is not {PACKAGE} {VERSION}: its sha256 is {digest}")


def _run(*command: str, folder: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise SourceError(f"{command[0]} is needed, which Debian has") from error
    except subprocess.CalledProcessError as error:
        why = error.stderr.strip().rsplit("\n", 1)[-1]
        raise SourceError(f"{command[0]}: {why} ({PACKAGE} {VERSION} is of Debian 12; see --deb)") from error
