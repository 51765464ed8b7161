"""CNS 11643, the national charset of Taiwan, planes 1 and 2: the characters of EUC-TW and of ISO-2022-CN.

Python has no codec for either. The table is ``data/cns11643.txt``: 188 lines of 94 characters, plane 1 and then
plane 2 row by row, U+FFFD where a place is empty. Planes 3 and up were hardly used before Unicode was; their
characters are lost.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from jiaokan.charset.losses import escape_bytes

ROWS: Final = 94
_PLANE_1, _PLANE_2 = b"\x8e\xa1", b"\x8e\xa2"
# ASCII; a pair, which is of plane 1; four bytes that begin with the plane; a byte that is none of these.
_TOKEN: Final = re.compile(rb"[\x00-\x7f]+|[\xa1-\xfe]{2}|\x8e[\xa1-\xb0][\xa1-\xfe]{2}|.", re.DOTALL)


@cache
def plane(number: int) -> dict[bytes, str]:
    """The characters of plane 1 or 2, by their two bytes 0x21–0x7E.

    >>> plane(1)[b"Dc"], plane(2)[b"!!"]
    ('中', '乂')
    """
    lines = files(__package__).joinpath("data/cns11643.txt").read_text("utf-8").split("\n")
    rows = lines[(number - 1) * ROWS : number * ROWS]
    return {
        bytes((row, column)): char
        for row, line in enumerate(rows, 0x21)
        for column, char in enumerate(line, 0x21)
        if char != "\ufffd"
    }


def escaping_euc_tw(raw: bytes) -> str:
    r"""The text of bytes in EUC-TW, lost bytes escaped.

    >>> escaping_euc_tw(b"\xc4\xe3\xc5\xc6 \x8e\xa2\xa1\xa1")
    '中文 乂'
    """
    known = _euc_tw()
    return "".join([known.get(token) or _rest(token) for token in _TOKEN.findall(raw)])


def _rest(token: bytes) -> str:
    return token.decode("ascii") if token.isascii() else escape_bytes(token)


@cache
def _euc_tw() -> dict[bytes, str]:
    """The characters of EUC-TW that are not ASCII, by their bytes."""
    first = {_high(pair): char for pair, char in plane(1).items()}
    second = {_PLANE_2 + _high(pair): char for pair, char in plane(2).items()}
    return first | second | {_PLANE_1 + pair: char for pair, char in first.items()}


def _high(pair: bytes) -> bytes:
    return bytes(byte | 0x80 for byte in pair)
