"""The characters that mojibake in Han, kana or hangul has and sound text has not: two of them together are a sign."""

from __future__ import annotations

from functools import cache
from pathlib import Path
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
