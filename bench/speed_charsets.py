"""How fast bytes of unknown charset are read, and mojibake mended, beside those who do the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Final, NamedTuple

import ftfy
from rich.table import Table

import jiaokan
from detectors import DETECTORS
from encode import CHARSETS, encoded
from garble import Pair, garbled
from pieces import pieces
from timing import measure

_DOCUMENT: Final = 700  # characters: 2 KB of UTF-8
_DOCUMENTS: Final = 20  # of each kind
_LARGE: Final = 500  # documents in one of 1 MB
_READ: Final = ("utf-8", "gbk", "big5", "utf-16-le", "hz")
_GARBLED: Final = (Pair("utf-8", "gb18030"), Pair("gbk", "latin-1"), Pair("utf-8", "cp1252"))
_LINE: Final = (12, 40)  # characters of a garbled line
_MENDED: Final[dict[str, Callable[[str], object]]] = {
    "jiaokan.repair": lambda text: jiaokan.repair(text, script="keep"),
    "ftfy.fix_text": ftfy.fix_text,
    "ftfy.fix_encoding": ftfy.fix_encoding,
}


class Bytes(NamedTuple):
    """Inputs of one kind, of so many bytes in all."""

    name: str
    texts: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes of all."""
        return sum(map(len, self.texts))


class Texts(NamedTuple):
    """Texts of one kind, of so many bytes of UTF-8 in all."""

    name: str
    texts: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of all."""
        return sum(len(text.encode()) for text in self.texts)


def bytes_table(count: int) -> Table:
    """MB of input a second, detected and decoded, and how many times as fast as chardet jiaokan is."""
    loads = [Bytes(f"{name}, 2 KB", tuple(raw for _, raw in _documents(name))) for name in _READ]
    large = "".join(islice(pieces("Chinese", _DOCUMENT, _DOCUMENT, "large"), _LARGE))
    loads.append(Bytes("utf-8, 1 MB", (large.encode(),)))
    table = Table("bytes", title=f"MB of bytes read per second, medians of {count} rounds", title_justify="left")
    compared: dict[str, Callable[[bytes], object]] = {"jiaokan": jiaokan.Source.read, **DETECTORS}
    for column in (*compared, "x chardet"):
        table.add_column(column, justify="right")
    for load, taken in measure(loads, compared, count):
        ratio = taken["chardet"] / taken["jiaokan"]
        table.add_row(load.name, *(f"{load.size / 1e6 / each:,.3g}" for each in taken.values()), f"{ratio:,.1f}")
    return table


def _documents(name: str) -> list[tuple[str, bytes]]:
    return list(islice(encoded(CHARSETS[name], _DOCUMENT, _DOCUMENT, "speed"), _DOCUMENTS))


def garbled_table(count: int) -> Table:
    """MB of garbled text a second, in UTF-8, and the ratio to ftfy."""
    loads = [Texts(str(pair), tuple(_page(pair, number) for number in range(_DOCUMENTS))) for pair in _GARBLED]
    table = Table("mojibake", title=f"MB of text mended per second, medians of {count} rounds", title_justify="left")
    for column in (*_MENDED, "x ftfy.fix_text"):
        table.add_column(column, justify="right")
    for load, taken in measure(loads, _MENDED, count):
        ratio = taken["ftfy.fix_text"] / taken["jiaokan.repair"]
        table.add_row(load.name, *(f"{load.size / 1e6 / each:,.3g}" for each in taken.values()), f"{ratio:,.2f}")
    return table


def _page(pair: Pair, number: int) -> str:
    """A page of 2 KB before it was garbled, line by line."""
    made = ((text, garbled(text, pair)) for text in pieces("Chinese", *_LINE, f"speed {number}"))
    lines, size = list[str](), 0
    for text, read in made:
        if read:
            lines.append(read)
            size += len(text)
        if size >= _DOCUMENT:
            break
    return "\n".join(lines)
