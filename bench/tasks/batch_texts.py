"""Inputs of a batch, made of the seeds in fixtures/: the same ones for the same numbers, and nothing fetched."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from bench.pages import SEEDS
from jiaokan.screen import may_have_any

# Characters of a page: as many as the seeds have. It is made of their lines, in an order of its own.
_LENGTH: Final = (2191, 2848)
_BLOCK: Final = 1 << 20
_MB: Final = 1_000_000


def lines_of(name: str) -> tuple[str, ...]:
    """The lines of all seeds: of the pages as found (``source``) or of what is in them (``clean``)."""
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.glob(f"*.{name}.txt"))]
    return tuple(line for text in texts for line in text.splitlines() if line.strip())


def page(chance: random.Random, lines: Sequence[str]) -> str:
    """A page of such lines."""
    length, drawn, size = chance.randint(*_LENGTH), list[str](), 0
    while size < length:
        drawn.append(chance.choice(lines))
        size += len(drawn[-1]) + 1
    return "\n".join(drawn)


def records(damaged: float = 1.0) -> Iterator[bytes]:
    """Lines of JSON without end; ``damaged`` is the share of pages that are as the seeds, the others are clean."""
    chance = random.Random(damaged)
    found, clean = lines_of("source"), lines_of("clean")
    number = 0
    while True:
        text = page(chance, found if chance.random() < damaged else clean)
        address = f"https://example.com/{number}.html"
        row = {"id": number, "url": address, "text": text, "size": 1.10}
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"
        number += 1


def undamaged(documents: int = 300) -> bytes:
    """Lines of JSON with nothing in them to repair or to look at, as most pages of a crawl are."""
    lines = [line for line in lines_of("clean") if not may_have_any(line)]
    chance = random.Random(documents)
    rows = ({"id": number, "text": page(chance, lines)} for number in range(documents))
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def write(path: Path, megabytes: float, damaged: float = 1.0) -> Path:
    """A file of so many MB of such lines."""
    with path.open("wb") as file:
        for line in records(damaged):
            file.write(line)
            if file.tell() >= megabytes * _MB:
                break
    return path


def write_repeated(path: Path, megabytes: float, pattern: bytes) -> Path:
    """A file of so many MB, the pattern again and again."""
    block = pattern * (_BLOCK // len(pattern) + 1)
    with path.open("wb") as file:
        while file.tell() < megabytes * _MB:
            file.write(block)
    return path


def write_long_line(path: Path, megabytes: float) -> Path:
    """Three lines: a short document, one of so many MB, and a short one."""
    text = "\\n".join(lines_of("clean")).replace('"', "'").encode()
    with path.open("wb") as file:
        file.write(_short(1))
        file.write(b'{"id": 2, "text": "')
        _repeat(file, text, megabytes)
        file.write(b'"}\n')
        file.write(_short(3))
    return path


def _short(number: int) -> bytes:
    return json.dumps({"id": number, "text": "現(xiàn)代"}, ensure_ascii=False).encode() + b"\n"


def _repeat(file: BinaryIO, text: bytes, megabytes: float) -> None:
    for _ in range(int(megabytes * _MB) // len(text) + 1):
        file.write(text)
