"""Jiaokan as others meet it: as a program of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[1] / "service"
RUN = (sys.executable, "-c", "from jiaokan.cli import main; main()")


def hear_interrupts() -> None:
    """Tests that run in the background of a shell ignore interrupts, and what they start would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="session")
def start() -> Start:
    """Start jiaokan with these arguments, and with these variables in its environment."""

    def started(arguments: Sequence[str], **variables: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "PYTHONPATH": str(SERVICE), **variables}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*RUN, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, env=environ, preexec_fn=hear_interrupts
        )

    return started
