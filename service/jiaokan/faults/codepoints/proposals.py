"""What all kinds of code points share: how a finding is made, and what is looked at around a place."""

from __future__ import annotations

import re
from typing import Final

from jiaokan.edits import Edit
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS
from jiaokan.report import Consent, Fault, Finding

# How often a judgement by the neighbours of a character is right; what is certain rests on standards. No page was
# measured yet: these only order the findings.
BY_NEIGHBOURS: Final = 0.95
DOUBTFUL: Final = 0.5

# How much of its line is looked at to see what a character stands in.
NEAR: Final = 100

HAN: Final = re.compile(f"[{HAN_CLASS}{MARK_CLASS}]")


def certain(m: re.Match[str], after: str, why: str) -> Finding:
    """What a standard says of a match: ``after`` is what it stands for."""
    return Finding(Fault.CODEPOINTS, (Edit.at(m.start(), m.group(), after),), Consent.CERTAIN, 1.0, why)


def probable(m: re.Match[str], after: str, why: str) -> Finding:
    """What its neighbours say of a match."""
    return Finding(Fault.CODEPOINTS, (Edit.at(m.start(), m.group(), after),), Consent.PROBABLE, BY_NEIGHBOURS, why)


def suggested(m: re.Match[str], after: str, why: str) -> Finding:
    """What may be meant by a match, and may not."""
    return Finding(Fault.CODEPOINTS, (Edit.at(m.start(), m.group(), after),), Consent.SUGGESTED, DOUBTFUL, why)


def line(text: str, m: re.Match[str]) -> str:
    """The line around a match, as far as ``NEAR`` characters to either side."""
    before, after = text[max(0, m.start() - NEAR) : m.start()], text[m.end() : m.end() + NEAR]
    return before[before.rfind("\n") + 1 :] + m.group() + after.partition("\n")[0]


def neighbours(text: str, m: re.Match[str]) -> tuple[str, str]:
    """The characters before and behind a match, empty at the ends of the text."""
    return text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]
