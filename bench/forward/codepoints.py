"""Clean text whose characters became other code points that look like them, or escapes of them: one way at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final
from unicodedata import normalize

_INVISIBLE: Final = "\u200b\ufeff\u2060\xad"
_SHARE: Final = 0.05  # of the characters that an invisible one is put behind
_RADICALS: Final = {normalize("NFKC", chr(code)): chr(code) for code in range(0x2F00, 0x2FD6)}
_SMALL: Final = dict(zip("，。、；：？！（）", "﹐｡､﹔﹕﹖﹗﹙﹚", strict=True))
_MARKS: Final = "，。、；：！？"
_BETWEEN_HAN: Final = re.compile("(?<=[一-鿿，。])(?=[一-鿿，。])")


def _mapped(table: dict[str, str]) -> Callable[[str, Random], str]:
    return lambda text, _: "".join(table.get(char, char) for char in text)


def _invisible(text: str, draw: Random) -> str:
    return "".join(char + draw.choice(_INVISIBLE) * (draw.random() < _SHARE) for char in text)


# What each way makes of a text; the same text where it has nothing to change.
WAYS: Final[dict[str, Callable[[str, Random], str]]] = {
    "invisible characters": _invisible,
    "references": lambda text, _: "".join(char if char.isascii() else f"&#{ord(char)};" for char in text),
    "escapes": lambda text, _: "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in text),
    "radicals": _mapped(_RADICALS),
    "small forms of marks": _mapped(_SMALL),
    "fullwidth letters": lambda text, _: "".join(
        chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in text
    ),
    "blanks before marks": lambda text, _: "".join(f" {char}" if char in _MARKS else char for char in text),
    "blanks between characters": lambda text, _: _BETWEEN_HAN.sub(" ", text),
}
