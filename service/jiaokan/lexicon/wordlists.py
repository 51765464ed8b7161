"""Lists that are shipped as files: signs of mojibake, words of the regions, words that filters drop."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

SIGNS_FILE: Final = Path(__file__).with_name("data") / "mojibake.signs"


def signs() -> str:
    """The characters, in the order of their code points; ``python -m model.signs`` makes the file.

    >>> "鐨" in signs(), "的" in signs()
    (True, False)
    """
    return _lines()[0]


def sole_signs() -> str:
    """Those of them that are a sign by themselves.

    >>> "瘯" in signs(), "瘯" in sole_signs()
    (True, False)
    """
    return _lines()[1]


@cache
def _lines() -> list[str]:
    return SIGNS_FILE.read_text(encoding="utf-8").splitlines()


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


DROPPED_FILE: Final = Path(__file__).with_name("data") / "dropped.words"


@cache
def dropped_words() -> Mapping[str, int]:
    """The words, the likeliest first, and in how many places of real pages each was found to be missing.

    Most were never found missing: they are of the kinds that filters look for (how to get in touch, ways and means,
    superlatives of advertising, medicine, gambling, politics, money).

    >>> list(dropped_words().items())[:2], dropped_words()["微信"]
    ([('题', 16), ('电话', 5)], 0)
    """
    lines = (line.split("\t") for line in DROPPED_FILE.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({word: int(seen[0]) if seen else 0 for word, *seen in lines})
