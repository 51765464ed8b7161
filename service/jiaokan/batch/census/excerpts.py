"""What a report quotes of a document: a change with what stands around it, and a doubt as it would read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jiaokan.diff import whole
from jiaokan.edits import Span, locate
from jiaokan.report import Change, Finding, Repair

# Code points quoted on either side of a change or a doubt: a line of a report holds two of them and the change.
AROUND: Final = 18
BESIDE: Final = 8
# Code points of one side of a change, of a reason, and fills of a doubt, at most; longer ones lose their middle or end.
LONGEST: Final = 60
REASON: Final = 240
FILLS: Final = 5
# The kind of a doubt that only marks a place.
RESIDUE: Final = "residue"


def sample(repair: Repair, number: int) -> dict[str, Any]:
    """The change with this number in ``repair.changes``, among those around it.

    >>> import jiaokan
    >>> shown = sample(jiaokan.repair("現(xiàn)代"), 1)
    >>> shown["pieces"]
    [['現', '现', 'script'], ['(xiàn)', '', 'annotation', True], ['代']]
    """
    change, text = repair.changes[number], repair.source.text
    return {
        "pieces": _pieces(repair.changes, number, text),
        "at": change.edit.start,
        "consent": change.consent.value,
        "confidence": change.confidence,
        "evidence": shortened(change.evidence, REASON),
    }


def _pieces(changes: Sequence[Change], number: int, text: str) -> list[list[Any]]:
    """A stretch of the source: what stays as ``[text]``, changes as ``[before, after, fault]``; the one that is meant
    has a fourth member."""
    edit = changes[number].edit
    start, end = max(0, edit.start - AROUND), min(len(text), edit.end + AROUND)
    first = last = number
    while first and changes[first - 1].edit.start >= start:
        first -= 1
    while last + 1 < len(changes) and changes[last + 1].edit.end <= end:
        last += 1
    pieces, done = list[list[Any]](), max(start, changes[first - 1].edit.end if first else 0)
    for each in range(first, last + 1):
        at, before, after = changes[each].edit
        if at > done:
            pieces.append([text[done:at]])
        meant = [True] if each == number else []
        pieces.append([shortened(before), shortened(after), changes[each].fault.value, *meant])
        done = at + len(before)
    end = min(end, changes[last + 1].edit.start) if last + 1 < len(changes) else end
    return [*pieces, [text[done:end]]] if end > done else pieces


def doubt(finding: Finding, repair: Repair) -> dict[str, Any]:
    """A doubt, with what stands beside it in the clean text.

    >>> import jiaokan
    >>> repair = jiaokan.repair("這種催收方式通常采用 催收、短信。")
    >>> shown = doubt(repair.doubts[0], repair)
    >>> shown["left"], shown["before"], shown["after"], shown["right"]
    ('催收方式通常采用', ' ', '电话', '催收、短信。')
    """
    edit = whole(finding, repair.source.text)
    start, end = locate(repair.edits, Span(edit.start, edit.end))
    return {
        "left": repair.text[max(0, start - BESIDE) : start],
        "before": shortened(edit.before),
        "after": shortened(edit.after),
        "right": repair.text[end : end + BESIDE],
        "kind": kind(finding),
        "confidence": finding.confidence,
        "evidence": shortened(finding.evidence, REASON),
        "fills": [[fill.text, fill.confidence] for fill in finding.fills[:FILLS]],
    }


def kind(finding: Finding) -> str:
    """The consent that a doubt asks for, ``RESIDUE`` if no repair is known."""
    return RESIDUE if finding.changes_nothing else finding.consent.value


def shortened(text: str, most: int = LONGEST) -> str:
    """The text without its middle if it is long.

    >>> shortened("0123456789", 5)
    '01…89'
    """
    if len(text) <= most:
        return text
    kept = (most - 1) // 2
    return f"{text[: most - 1 - kept]}…{text[-kept:]}"
