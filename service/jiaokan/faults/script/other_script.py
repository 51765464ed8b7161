"""Characters of the other script in a page whose script is to stay.

Nothing says which script a page ought to be in but the page: where nearly all characters that tell the scripts apart
are of one, the few of the other strayed in. They are shown, with the form they would have, and not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.edits import Edit
from jiaokan.lexicon.scripts import Scripts, simplified_pattern, traditional_pattern
from jiaokan.lexicon.variants import convert, simplify
from jiaokan.report import Consent, Fault, Finding

# A page has a script if this share of the characters that tell is of it: below it, it is a page in both. A page that
# quotes the other script, line by line, has more of it than this leaves.
OF_ONE_SCRIPT: Final = 0.8
# How likely a stray is meant to be of the page's script: names and quotations are not.
STRAY: Final = 0.7
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_REACH: Final = 4  # of characters to either side, by which a phrase decides what the traditional form is


def find(page: str, scripts: Scripts) -> list[Finding]:
    """The strays, given the scripts of the page, in which foreign passages are masked.

    >>> from jiaokan.lexicon.scripts import count_scripts
    >>> page = "這個問題已經解决，會議於昨天結束。"
    >>> [(f.edits[0].before, f.edits[0].after) for f in find(page, count_scripts(page))]
    [('决', '決')]
    """
    if scripts.share >= OF_ONE_SCRIPT and scripts.traditional:
        return list(_strays(page, scripts.share, "simplified", "traditional", simplified_pattern()))
    if scripts.share <= 1 - OF_ONE_SCRIPT:
        return list(_strays(page, 1 - scripts.share, "traditional", "simplified", traditional_pattern()))
    return []


def _strays(page: str, share: float, one: str, other: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    for place in re.finditer(f"(?:{pattern.pattern})+", page):
        before, at = place.group(), place.start()
        after = simplify(before) if other == "simplified" else _traditional(page, at, place.end())
        why = f"{before} is {one} in a page that is {other} for {share:.0%} of the characters that differ"
        yield Finding(Fault.SCRIPT, (Edit.at(at, before, after),), Consent.SUGGESTED, STRAY, why)


def _traditional(page: str, start: int, end: int) -> str:
    """What the page has in traditional characters from ``start`` to ``end``, one for one."""
    first = max(0, start - _REACH)
    window = _SURROGATE.sub("\ufffd", page[first : end + _REACH])
    converted = convert(window, "s2tw")
    return converted[start - first : end - first] if len(converted) == len(window) else page[start:end]
