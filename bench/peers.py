"""The repairs that are compared: jiaokan, and what people do without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache
from typing import Final

import ftfy
from opencc import OpenCC

import jiaokan
from jiaokan import Edit, Fault
from judge import Change, Outcome
from scripts import simplify

_READING: Final = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüɑɡńňǹḿ]+ ?[)）]")


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
    text = _t2s().convert(_READING.sub("", page))
    return _aligned(page, text)


def by_ftfy(page: str) -> Outcome:
    """``ftfy.fix_text`` with its defaults, then OpenCC's ``t2s``."""
    return _aligned(page, _t2s().convert(ftfy.fix_text(page)))


PEERS: Final[dict[str, Callable[[str], Outcome]]] = {
    "jiaokan": by_jiaokan,
    "pattern + OpenCC": by_pattern,
    "ftfy + OpenCC": by_ftfy,
}


@cache
def _t2s() -> OpenCC:
    return OpenCC("t2s")


def _change(edit: Edit, quiet: bool, consent: str = "") -> Change:
    return Change(edit.span.start, edit.span.end, edit.after, quiet, consent)


def _aligned(page: str, text: str) -> Outcome:
    """An outcome of a repair that gives no account: its changes are the differences of the texts."""
    base = simplify(page)
    steps = SequenceMatcher(None, base, text, autojunk=False).get_opcodes()
    changes = tuple(Change(i, j, text[k:m], False) for step, i, j, k, m in steps if step != "equal")
    return Outcome(text, base, changes)
