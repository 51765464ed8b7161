"""What shows at a glance that a page may have gaps: one search, of which hardly any sound page has anything."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jiaokan.lexicon.hanzi import HAN_CLASS

# What follows 问 in 问题, in other words, and where somebody asks; and what precedes it in words.
_AFTER: Final = "题題世候卷答好曰：“「之其我他她你了谁誰何"
_BEFORE: Final = "慰访訪疑询詢顾顧学學提质質追请請审審拷责責盘盤反过過发發"


def may_have_gaps(text: str) -> bool:
    """Whether a text has a place at which words can be missing.

    >>> may_have_gaps("催收问也日益凸显"), may_have_gaps("催收问题也日益凸显")
    (True, False)
    """
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    """Each alternative opens with a character of its own, so that ``re`` looks for these and skips all others."""
    closes, blanks = "(?=[，。；！？\n]|$)", " \u00a0\u3000"
    return re.compile(
        "|".join(
            (
                *(f"{half}(?![{_AFTER}])(?<![{_BEFORE}].)" for half in "问問"),
                f"与{closes}(?<!参.)",
                f"或{closes}",
                *(f"{joins}(?=\n|$)" for joins in "和及"),
                *(f"{blank}(?=[{blanks}]?[{HAN_CLASS}，。、；,])(?<=[{HAN_CLASS}、].)" for blank in blanks),
                *(f"{mark}(?:(?!{mark})(?=[、，；：。！？])(?<=[{HAN_CLASS}].)|(?<=，.))" for mark in "、；："),
                "“(?=”)",
                "《(?=》)",
                "「(?=」)",
                "『(?=』)",
                f"在(?=[{HAN_CLASS}]{{3,16}}的[也还却又更])",
            )
        )
    )
