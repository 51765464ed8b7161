"""The arithmetic of GBK: which two bytes make which character.

A GBK character is a lead byte 0x81–0xFE and a trail byte 0x40–0xFE without 0x7F; a byte below 0x80 that does not
follow a lead byte is ASCII. The user-defined rows are included as the private-use characters that the WHATWG
Encoding Standard gives them (``gb18030`` index: AAA1–AFFE, F8A1–FEFE, A140–A7A0), which Python's ``gb18030`` shares.
"""

from __future__ import annotations

from functools import cache
from typing import Final

LEADS: Final = range(0x81, 0xFF)
TRAILS: Final = tuple(b for b in range(0x40, 0xFF) if b != 0x7F)


def encode(char: str) -> tuple[int, int] | None:
    """The lead and trail byte of one character, or ``None`` if it has no two-byte form.

    >>> [f"{byte:02X}" for byte in encode("數")]
    ['94', 'B5']
    >>> encode("A") is encode("é" * 2) is None
    True
    """
    return _pairs().get(char)


def decode(lead: int, trail: int) -> str | None:
    """The character of a pair, or ``None`` if the pair has none.

    >>> decode(0x94, 0xB5), decode(0x94, 0x28)
    ('數', None)
    """
    return _characters().get((lead, trail))


@cache
def _characters() -> dict[tuple[int, int], str]:
    """Every pair with its character: 23,940 of them."""
    found = {}
    for lead in LEADS:
        for trail in TRAILS:
            text = bytes((lead, trail)).decode("gb18030", "replace")
            if len(text) == 1 and text != "\ufffd":
                found[lead, trail] = text
    return found


@cache
def _pairs() -> dict[str, tuple[int, int]]:
    return {char: pair for pair, char in _characters().items()}
