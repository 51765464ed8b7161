"""The byte stream behind a page: which bytes the characters on a page can have been.

A page was decoded from GBK and often normalised after that. Most characters stand for their own two bytes, but on a
page that was folded with NFKC an ASCII letter can stand for a fullwidth one, and a ``?`` or U+FFFD can stand for a
byte that no longer decoded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from jiaokan.charset import gbk

LOST: Final = None
LOST_BYTE_SIGNS: Final = "?\ufffd"


@dataclass(frozen=True, slots=True)
class PageBytes:
    """One way in which a stretch of a page can have come from bytes.

    Attributes:
        end: where the stretch ends on the page.
        raw: its bytes; ``LOST`` for one that cannot be seen.
        folded: whether the page shows the NFKC form of what the bytes mean.
    """

    end: int
    raw: tuple[int | None, ...]
    folded: bool = False


def bytes_behind(text: str, at: int) -> Iterator[PageBytes]:
    """Every way to read the page at ``at`` as bytes.

    >>> [piece.raw for piece in bytes_behind("T", 0)]  # the byte 54, or a fullwidth Ｔ
    [(84,), (163, 212)]
    """
    char = text[at]
    pair = gbk.encode(char)
    if pair:
        yield PageBytes(at + 1, pair)
        if char == "€":  # the byte 80 alone, in code page 936 and on the web
            yield PageBytes(at + 1, (0x80,))
    elif char in LOST_BYTE_SIGNS:
        yield PageBytes(at + 1, (LOST,))
    elif char.isascii():
        yield PageBytes(at + 1, (ord(char),))
    for folded, raw in _folded().get(char, ()):
        if text.startswith(folded, at):
            yield PageBytes(at + len(folded), raw, folded=True)


def fold(char: str) -> str:
    """The character as an NFKC page shows it, where that is what pages fold: fullwidth forms and the wide blank.

    >>> fold("，"), fold("。")
    (',', '。')
    """
    return unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" or char == "\u3000" else char


@cache
def _folded() -> dict[str, tuple[tuple[str, tuple[int, int]], ...]]:
    """For a first character: the NFKC forms that begin with it, and the pairs they are the forms of."""
    found: dict[str, tuple[tuple[str, tuple[int, int]], ...]] = {}
    for lead in gbk.LEADS:
        for trail in gbk.TRAILS:
            char = gbk.decode(lead, trail)
            form = unicodedata.normalize("NFKC", char) if char else char
            if form and form != char:
                found[form[0]] = (*found.get(form[0], ()), (form, (lead, trail)))
    return found
