"""What processes cost while they run: memory and processor time, out of /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KB: Final = 1024


class Process(NamedTuple):
    """One process.

    Attributes:
        name: of its program.
        seconds: of processor time so far.
        ended: seconds of processor time of its children that have ended.
    """

    pid: int
    parent: int
    name: str
    command: str
    seconds: float
    ended: float


def tree(pid: int) -> list[Process]:
    """A process and all below it, the first of them first; none if it has ended."""
    found = {process.pid: process for process in _all()}
    below = [found[pid]] if pid in found else []
    for process in below:  # which grows meanwhile
        below += [child for child in found.values() if child.parent == process.pid]
    return below


def memory(pid: int, what: str = "VmRSS", file: str = "status") -> int:
    """Bytes of memory of a process, 0 if it has ended: ``VmRSS`` all that is resident, ``RssAnon`` what it does not
    share; ``Pss`` of ``smaps_rollup`` divides what is shared among those that do."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KB for line in lines if line.startswith(f"{what}:")), 0)


def _all() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # The name of a program, in parentheses, may hold anything; what follows it is numbers.
                name, _, rest = (folder / "stat").read_text().rpartition(")")
                command = (folder / "cmdline").read_text().replace("\0", " ")
            except (OSError, UnicodeDecodeError):
                continue  # it ended meanwhile
            values = rest.split()
            seconds, ended = (sum(map(int, values[first : first + 2])) / _TICKS for first in (11, 13))
            yield Process(int(folder.name), int(values[1]), name.partition("(")[2], command, seconds, ended)
