"""The repairs that are compared: jiaokan, and what people do without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import ftfy
from opencc import OpenCC

import jiaokan
from bench.forward.scripts import simplify
from bench.tables import differences
from bench.tasks.judge import Change, Outcome
from jiaokan import Edit, Fault

_READING: Final = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüɑɡńňǹḿ]+ ?[)）]")
ALL_BUT_SCRIPT: Final = [fault.value for fault in Fault if fault is not Fault.SCRIPT]


@cache
def opencc(name: str) -> Callable[[str], str]:
    """OpenCC in one of its configurations."""
    convert: Callable[[str], str] = OpenCC(name).convert
    return convert


def repaired_script(text: str, script: Any = "simplified") -> str:
    """The text with nothing but its script repaired by jiaokan."""
    return jiaokan.repair(text, script=script, skip=ALL_BUT_SCRIPT).text


def by_jiaokan(page: str) -> Outcome:
    """``jiaokan.repair`` with its defaults, gaps left as they are."""
    done = jiaokan.repair(page, skip=["gaps"])
    changes = tuple(
        _change(c.edit, all(f.fault is Fault.SCRIPT for f in c.findings), c.consent.value) for c in done.changes
    )
    doubts = tuple(tuple(_change(edit, False) for edit in d.edits) for d in done.doubts if d.fault is not Fault.SCRIPT)
    return Outcome(done.text, page, changes, doubts)


def by_pattern(page: str) -> Outcome:
    """Everything that looks like a reading in parentheses removed, then OpenCC's ``t2s``."""
    return _aligned(page, opencc("t2s")(_READING.sub("", page)))


def by_ftfy(page: str) -> Outcome:
    """``ftfy.fix_text`` with its defaults, then OpenCC's ``t2s``."""
    return _aligned(page, opencc("t2s")(ftfy.fix_text(page)))


REPAIRS: Final[dict[str, Callable[[str], Outcome]]] = {
    "jiaokan": by_jiaokan,
    "pattern + OpenCC": by_pattern,
    "ftfy + OpenCC": by_ftfy,
}


def _change(edit: Edit, quiet: bool, consent: str = "") -> Change:
    return Change(edit.span.start, edit.span.end, edit.after, quiet, consent)


def _aligned(page: str, text: str) -> Outcome:
    """An outcome of a repair that gives no account: its changes are the differences of the texts."""
    base = simplify(page)
    return Outcome(text, base, tuple(Change(i, j, text[k:m], False) for i, j, k, m in differences(base, text)))
