"""What the load is made of: requests of 2 KB and of 200 KB, of clean text and of pages damaged as the seeds are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Final, Literal, NamedTuple

from bench.pages import SMALL, like_the_seeds, prose, split_by_screen, spread

Endpoint = Literal["/v1/repair", "/v1/batch"]
SINGLE: Final[Endpoint] = "/v1/repair"
BATCH: Final[Endpoint] = "/v1/batch"
LARGE: Final = 100 * SMALL  # bytes of UTF-8 in a large document, at least
TYPES: Final = {SINGLE: "application/json", BATCH: "application/x-ndjson"}

_EACH: Final = {SMALL: 100, LARGE: 8}  # documents of a kind, by their size
_TOGETHER: Final = {SMALL: 100, LARGE: 4}  # documents in one batch, by their size

# Bytes of clean text for each byte of a page made of it: pages come out at 1.9 and 161 KB on average.
_UNDAMAGED: Final = 0.7


class Load(NamedTuple):
    """Requests of one kind, which clients send in turn.

    Attributes:
        name: what the documents are.
        endpoint: where they go.
        requests: the documents of each request.
    """

    name: str
    endpoint: Endpoint
    requests: tuple[tuple[str, ...], ...]

    @property
    def bodies(self) -> list[bytes]:
        """The body of each request, on one line but for the lines of a batch."""
        return [b"\n".join(_line(text) for text in texts) for texts in self.requests]

    @property
    def size(self) -> float:
        """Bytes of UTF-8 in the documents of one request, on average."""
        return sum(len(text.encode()) for texts in self.requests for text in texts) / len(self.requests)

    @property
    def documents(self) -> float:
        """Documents of one request, on average."""
        return sum(map(len, self.requests)) / len(self.requests)


def single(name: str, texts: Sequence[str]) -> Load:
    """Each text is a request of its own."""
    return Load(name, SINGLE, tuple((text,) for text in texts))


def batch(name: str, texts: Sequence[str], together: int) -> Load:
    """So many texts at once, each text in one batch at least."""
    turns = -(-len(texts) // together)
    endless = cycle(texts)
    return Load(name, BATCH, tuple(tuple(islice(endless, together)) for _ in range(turns)))


def loads() -> Iterator[Load]:
    """Every kind of text in both sizes: documents one by one, then batches."""
    kinds = [
        (name, size, texts)
        for size in (SMALL, LARGE)
        for name, texts in (*clean(size).items(), (f"damaged, {_kilobytes(size)}", damaged(size)))
    ]
    yield from (single(name, texts) for name, _, texts in kinds)
    yield from (batch(name, texts, _TOGETHER[size]) for name, size, texts in kinds)


def clean(size: int) -> dict[str, list[str]]:
    """Clean simplified documents. Small ones are told apart as in ``speed``: those that pass the screen, and all."""
    texts = spread(prose(size), _EACH[size])
    if size > SMALL:
        return {f"clean, {_kilobytes(size)}": texts}
    _, passed = split_by_screen(texts)
    name = f"clean, {_kilobytes(size)}"
    return {f"{name}, not suspected ({len(passed) / len(texts):.0%})": passed, name: texts}


def damaged(size: int) -> list[str]:
    """Clean documents damaged by a site each, as densely as the seeds are; they are as long as asked thereafter."""
    return [like_the_seeds(text) for text in spread(prose(int(size * _UNDAMAGED)), _EACH[size])]


def answers(load: Load) -> list[list[str]]:
    """The texts that the service should give back for each request."""
    import jiaokan

    return [[jiaokan.repair(text).text for text in texts] for texts in load.requests]


def _line(text: str) -> bytes:
    return json.dumps({"text": text}, ensure_ascii=False).encode()


def _kilobytes(size: int) -> str:
    return f"{size // 1000} KB"
