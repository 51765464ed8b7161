"""Unified diffs read to the letter, by the format that ``diff -u`` and POSIX describe; ``patch`` is asked as well."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

_HUNK = re.compile(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n")
_NO_BREAK = "\\ No newline at end of file\n"


def patched(source: str, difference: str, folder: Path) -> str:
    """What the diff makes of ``source``; every line and every number of it must be right.

    ``patch`` must come to the same, where the machine has one.
    """
    head, *shown = lines(difference)
    assert head.startswith("--- ")
    assert shown.pop(0).startswith("+++ ")
    old, new, at = lines(source), list[str](), 0
    while shown:
        match = _HUNK.fullmatch(shown.pop(0))
        assert match
        start, gone, new_start, come = map(int, match.groups())
        begin = start - 1 if gone else start
        new += old[at:begin]
        assert len(new) == (new_start - 1 if come else new_start)
        at = begin
        while gone or come:
            sign, line = shown[0][0], shown.pop(0)[1:]
            if shown[:1] == [_NO_BREAK]:
                shown.pop(0)
                line = line.removesuffix("\n")
            if sign in " -":
                assert old[at] == line
                at, gone = at + 1, gone - 1
            if sign in " +":
                new.append(line)
                come -= 1
            assert sign in " -+"
    text = "".join([*new, *old[at:]])
    if shutil.which("patch"):
        assert by_patch(source, difference, folder) == text
    return text


def by_patch(source: str, difference: str, folder: Path) -> str:
    (folder / "source").write_text(source, "utf-8", newline="")
    command = ["patch", "--binary", "--posix", "--output=-", "--silent", str(folder / "source")]
    done = subprocess.run(command, input=difference.encode(), capture_output=True, check=True)
    return done.stdout.decode()


def lines(text: str) -> list[str]:
    """Lines with their breaks, which are ``\\n`` and nothing else."""
    return re.findall(r"[^\n]*\n|[^\n]+$", text)
