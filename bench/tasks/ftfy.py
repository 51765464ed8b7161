"""ftfy's own test cases, beside ftfy: which of them jiaokan gets right, and why some are not asked of it.

The cases are fetched with ftfy's source distribution and not kept. A case whose expectation goes beyond the encoding
(curly quotes made straight, ligatures split, fullwidth Latin folded) is compared on the encoding alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

import ftfy
from ftfy import TextFixerConfig

import jiaokan
from bench.corpus import packaged
from bench.harness import Run, Task
from bench.tables import Block, Lines, Shares

# Steps of ``ftfy.fix_text`` that are not about the encoding, in the words of a reason.
_STEPS: Final = {
    "unescape_html": "HTML entities",
    "remove_terminal_escapes": "terminal escapes",
    "fix_latin_ligatures": "Latin ligatures",
    "fix_character_width": "fullwidth Latin",
    "uncurl_quotes": "curly quotes",
    "fix_line_breaks": "line breaks",
    "fix_surrogates": "surrogates",
    "remove_control_chars": "control characters",
}


class Case(NamedTuple):
    """A test case of ftfy: what comes in, what ``fix_encoding`` and ``fix_text`` are to make of it."""

    label: str
    original: str
    encoding: str
    fixed: str
    passes: bool


def _run(_: Run) -> Iterator[Block]:
    every = list(cases())
    shares, missed = Shares(), list[str]()
    for case in every:
        ours, theirs, typography = _got(case.original), ftfy.fix_encoding(case.original), case.fixed != case.encoding
        right, ftfys = is_right(case, ours), theirs == case.encoding
        for row in ("all", _kind(case)):
            shares.add(row, "jiaokan", right)
            shares.add(row, "ftfy.fix_encoding", ftfys)
            shares.add(row, "ftfy.fix_text", ftfy.fix_text(case.original) == case.fixed)
        if not right and (ftfys or ftfy.fix_text(case.original) == case.fixed):
            case_in_words = f"{case.label}{' (typography)' * typography}\n  {case.original!r}"
            missed.append(f"{case_in_words}\n  got  {ours!r}\n  want {case.encoding!r}")
    yield shares.table(f"ftfy's {len(every)} cases (per cent)")
    yield Lines(f"Right by ftfy and not by jiaokan: {len(missed)}", missed)
    reasons = [f"{case.label}: {_reason(case)}" for case in every if case.fixed != case.encoding]
    title = "Compared on the encoding alone, and what else ftfy's expectation asks for"
    yield Lines(f"{title}: {len(reasons)}", reasons)


def is_right(case: Case, got: str) -> bool:
    """Whether that is what ftfy is expected to give, what other faults rightly change in it set aside."""
    return got in (case.encoding, case.fixed, _got(case.encoding, "transcoding"))


def cases() -> Iterator[Case]:
    """All cases, in the order of the file."""
    for case in json.loads(packaged("ftfy", "tests/test_cases.json", "--no-binary", "ftfy")):
        encoding = case.get("fixed-encoding", case["fixed"])
        yield Case(case["label"], case["original"], encoding, case["fixed"], case["expect"] == "pass")


def _got(text: str, *skip: str) -> str:
    return jiaokan.repair(text, script="keep", skip=skip).text


def _kind(case: Case) -> str:
    if not case.passes:
        return "ftfy expects to fail"
    if case.fixed != case.encoding:
        return "typography beside the encoding"
    return "to be left alone" if case.original == case.encoding else "encoding"


def _reason(case: Case) -> str:
    """The steps of ``fix_text`` without which the expectation is not met."""
    named = [
        words
        for step, words in _STEPS.items()
        if ftfy.fix_text(case.original, TextFixerConfig(**{step: False})) != case.fixed
    ]
    return ", ".join(named) or "no single step of fix_text"


TASK: Final = Task(_run)
