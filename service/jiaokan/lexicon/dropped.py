"""Words that filters delete from pages, and how often each was seen missing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

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
