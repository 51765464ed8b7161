"""A Chromium for the tests of the page and for its screenshots: the one that is there, else one that is installed.

Playwright's own comes first, where it was downloaded before, then a Chromium or Chrome on the path. Where there is
none, Playwright downloads its own; where that fails and we are root on Debian, the distribution's is installed. Where
that fails too, one line says what to install: nothing is left out without a word.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE: Final = 600  # seconds for one installation
ADVICE: Final = "The page needs Chromium: run `playwright install chromium`, or on Debian `apt-get install chromium`."


def launch(playwright: Playwright) -> Browser:
    """A running Chromium without a window.

    Raises:
        RuntimeError: there is none and none could be installed; the message says what to install.
    """
    # As root, Chromium runs only without its sandbox; shared memory is scarce in containers.
    arguments = [*(["--no-sandbox"] if os.geteuid() == 0 else []), "--disable-dev-shm-usage"]
    return playwright.chromium.launch(executable_path=found(playwright) or installed(playwright), args=arguments)


def found(playwright: Playwright) -> str | None:
    """The path of a Chromium that is there."""
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else next(filter(None, map(shutil.which, NAMES)), None)


def installed(playwright: Playwright) -> str:
    """The path of a Chromium that was not there before."""
    with one_at_a_time():
        return found(playwright) or newly_installed(playwright)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let no other process into this at the same time: tests run in several, and apt-get bears no company."""
    with Path(tempfile.gettempdir(), f"jiaokan-tests-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def newly_installed(playwright: Playwright) -> str:
    """The path of a Chromium that is installed now."""
    on_debian = os.geteuid() == 0 and shutil.which("apt-get")
    # What Chromium needs of the system comes through apt-get, so it is asked for only where that can work.
    ran([sys.executable, "-m", "playwright", "install", *(["--with-deps"] if on_debian else []), "chromium"])
    if not found(playwright) and on_debian:
        ran(["apt-get", "update", "-qq"])
        ran(["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"])
    if path := found(playwright):
        return path
    raise RuntimeError(ADVICE)


def ran(command: Sequence[str]) -> None:
    """Run to the end, however that is: what counts is whether there is a browser afterwards."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environ, timeout=PATIENCE, check=False, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        return
