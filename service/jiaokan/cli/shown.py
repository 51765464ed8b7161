"""What is shown of a repair in place of its text: a diff, JSON, or what was found. Bytes that can be printed."""

from __future__ import annotations

from jiaokan.diff import charset, inline, lines, unified
from jiaokan.records import document, survey, to_json, to_utf8
from jiaokan.report import Repair


def diff(path: str, repair: Repair) -> bytes:
    """The diff under the document's name, coloured where the terminal has colours; nothing for a clean document."""
    from rich.console import Console

    console = Console(soft_wrap=True)
    if console.color_system is None or console.no_color:
        shown = unified(repair)
    else:
        # Captured, because the terminal's own encoding may not hold the text.
        with console.capture() as capture:
            console.print(inline(repair), end="")
        shown = capture.get()
    return to_utf8(f"=== {path}\n{shown}") if shown else b""


def json_line(path: str, repair: Repair) -> bytes:
    """All that can be told of a repair, on one line."""
    return to_json({"path": path, **document(repair)}) + b"\n"


def survey_line(path: str, repair: Repair) -> bytes:
    """All that was found, on one line."""
    return to_json({"path": path, **survey(repair)}) + b"\n"


def finding_lines(path: str, repair: Repair) -> bytes:
    """A line for each finding, before them one for a charset that is not UTF-8."""
    read = charset(repair.source)
    return to_utf8("".join(f"{path}:{line}\n" for line in ((f" {read}", *lines(repair)) if read else lines(repair))))
