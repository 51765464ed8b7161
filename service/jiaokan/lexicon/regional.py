"""Words of Taiwan and Hong Kong and what the mainland says for them, simplified: 软体 and 软件 (``model.regional``)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

REGIONAL_FILE: Final = Path(__file__).parent / "data" / "regional.words"


@cache
def mainland_words() -> dict[str, str]:
    """For each word of the regions the mainland's; the same word where a longer one is not to be taken apart.

    >>> mainland_words()["软体"], mainland_words()["软体动物"]
    ('软件', '软体动物')
    """
    return dict(line.split("\t") for line in REGIONAL_FILE.read_text("utf-8").splitlines())


@cache
def regional_words() -> re.Pattern[str]:
    """Any word of the regions, the longest that stands there."""
    return re.compile("|".join(map(re.escape, sorted(mainland_words(), key=len, reverse=True))))
