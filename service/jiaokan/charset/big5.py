"""Big5 as the web reads it: Python's ``big5hkscs``, put right by the WHATWG Encoding Standard.

The standard reads eleven symbols as code page 950 does and HKSCS does not, and knows 192 pairs that Python's HKSCS
of 2004 lacks: the additions of 2008, the second places of characters that Big5 has elsewhere, €, and the pictures of
control characters (``data/big5.txt``). Nine of the eleven are taken over. A241 and A242 stay ／ and ＼, as Python's
``big5`` and ``big5hkscs`` write them and read also A1FE and A240: the ∕ and ﹨ of Windows are hardly ever meant.
F9FE is the ▓ of ETEN and Windows, where the standard has ￭ with HKSCS.

Where Python's ``big5`` and ``cp950`` put kana, Cyrillic and Roman numerals (C6A1–C7FC) they stand alone: pages have
the ETEN arrangement there, which HKSCS, the standard and Unicode-at-on share.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from importlib.resources import files
from typing import Final

from jiaokan.charset.losses import escape_bytes, rejected

_HANDLER: Final = "jiaokan.big5"
# What big5hkscs reads for a pair that is read as the other here; each comes from one pair only.
_SYMBOLS: Final = dict(zip("•､‾∼♁☉¥¢£￭", "‧﹑¯～⊕⊙￥￠￡▓", strict=True))
_ANY_SYMBOL: Final = re.compile("[•､‾∼♁☉¥¢£￭]")
_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")


def strict(raw: bytes) -> str:
    r"""The text of bytes in Big5 that Python's HKSCS can read.

    >>> strict(b"\xa4\xa4\xa1\x45\xa4\xe5")
    '中‧文'

    Raises:
        UnicodeDecodeError: it cannot.
    """
    return _ANY_SYMBOL.sub(_symbol, raw.decode("big5hkscs"))


def escaping(raw: bytes) -> str:
    r"""The text of bytes in Big5, lost bytes escaped.

    >>> escaping(b"5\xa3\xe1\xff")
    '5€\udcff'
    """
    return _ANY_SYMBOL.sub(_symbol, raw.decode("big5hkscs", _HANDLER))


def _symbol(found: re.Match[str]) -> str:
    return _SYMBOLS[found.group()]


def _lose(error: UnicodeError) -> tuple[str, int]:
    found = rejected(error)
    raw, start = found.object, found.start
    pair = raw[start : start + 2]
    char = _added().get(pair)
    if char:
        return char, start + 2
    size = 2 if _PAIR.fullmatch(pair) and pair[1] >= 0x80 else 1
    return escape_bytes(pair[:size]), start + size


@cache
def _added() -> dict[bytes, str]:
    """The pairs that Python's HKSCS lacks, with their characters."""
    lines = files(__package__).joinpath("data/big5.txt").read_text("utf-8").split("\n")
    return {bytes.fromhex(line[:4]): line[5:] for line in lines if line}


codecs.register_error(_HANDLER, _lose)
