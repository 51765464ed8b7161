"""How fast bytes of unknown charset are read, and mojibake mended, beside those who do the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import ftfy

import jiaokan
from bench.corpus import pieces
from bench.forward.encode import CHARSETS, encoded
from bench.forward.garble import Pair, garbled
from bench.harness import Run, Task
from bench.peers.detectors import DETECTORS
from bench.tables import Block, Table
from bench.timing import Inputs, measure

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


def _run(run: Run) -> Iterator[Block]:
    inputs = [Inputs(f"{name}, 2 KB", [raw for _, raw in _documents(name)]) for name in _READ]
    large = "".join(islice(pieces("Chinese", _DOCUMENT, _DOCUMENT, "large"), _LARGE))
    inputs.append(Inputs("utf-8, 1 MB", [large.encode()]))
    compared: dict[str, Callable[[bytes], object]] = {"jiaokan": jiaokan.Source.read, **DETECTORS}
    yield _table("MB of bytes read per second", inputs, compared, run.number)
    pages = [Inputs(str(pair), [_page(pair, number) for number in range(_DOCUMENTS)]) for pair in _GARBLED]
    yield _table("MB of text mended per second", pages, _MENDED, run.number)


def _table(title: str, inputs: list[Inputs], compared: dict[str, Callable[..., object]], count: int) -> Table:
    """MB a second, and how many times as fast as the first peer jiaokan is."""
    ours, peer, *_ = compared
    rows = [
        (kind.name, [*rates.values(), rates[ours] / rates[peer]]) for kind, rates in measure(inputs, compared, count)
    ]
    times = f"x {peer}"
    return Table(f"{title}, medians of {count} rounds", (*compared, times), rows, {"": ",.3g", times: ",.2f"})


def _documents(name: str) -> list[tuple[str, bytes]]:
    return list(islice(encoded(CHARSETS[name], _DOCUMENT, _DOCUMENT, "speed"), _DOCUMENTS))


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


TASK: Final = Task(_run, 9, "measurements of each figure")
