"""Bytes to text: clean pieces encoded in one charset after the other, read without a label, and compared.

Also with one bad byte, in mixed files, and under a wrong label. README.md says how the samples are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, permutations
from random import Random
from typing import Final, NamedTuple

from bench.forward.encode import CHARSETS, encoded, spoiled
from bench.harness import Run, Task
from bench.peers.detectors import DETECTORS
from bench.tables import Block, Shares, examples, first_difference
from jiaokan import Source

_LENGTHS: Final = {"2": (2, 2), "4-8": (4, 8), "16": (16, 16), "40": (40, 40), "200": (200, 200), "2 KB": (700, 700)}
_CHUNK: Final = 40  # samples a worker takes at a time
_CHANGES: Final = ("inserted", "overwritten")
_MOST_FOR_A_BYTE: Final = 4  # characters that may be there in excess: U+FFFD for each byte of the one it touched
_LINES, _FIELDS = (4, 12), (4, 7)
_MIXED: Final = ("utf-8", "gbk", "big5")


class Sample(NamedTuple):
    """Bytes, the text they are of, and what they are counted as; ``touched`` is the character of a bad byte."""

    row: str
    column: str
    raw: bytes
    want: str
    touched: int | None = None
    declared: str | None = None


_WITH_BAD_BYTE: Final = ("utf-8", "gbk", "gb18030, 4 bytes", "big5", "hz", "utf-16-le", "cp932", "euc-kr")
_DECLARED: Final = (
    ("utf-8", "gbk"),
    ("utf-8", "big5"),
    ("utf-8", "iso-8859-1"),
    ("gbk", "utf-8"),
    ("gbk", "big5"),
    ("gbk", "iso-8859-1"),
    ("big5", "gbk"),
    ("big5", "utf-8"),
    ("cp932", "gbk"),
    ("euc-kr", "gbk"),
)


def _run(run: Run) -> Iterator[Block]:
    for title, samples in KINDS.items():
        shares, ours, failed = Shares(), Shares(), list[tuple[str, str]]()
        for sample, got, hit in run.map(_read, samples(run.number, run.seed), _CHUNK):
            for name, (hits, total) in hit.items():
                shares.add(f"{sample.row}, {sample.column}", name, hits, total)
            ours.add(sample.row, sample.column, *hit["jiaokan"])
            if hit["jiaokan"] == (0, 1):
                failed.append((f"{sample.row}, {sample.column}", _example(sample, got)))
        yield ours.table(f"jiaokan. {title}")
        yield shares.table(title)
        if run.worst:
            yield examples("Not identical", failed, run.worst)


def _read(sample: Sample) -> tuple[Sample, Source, dict[str, tuple[int, int]]]:
    """What jiaokan reads, and how much of a sample each detector gets right."""
    got = Source.read(sample.raw, sample.declared)
    peers = {name: right(read(sample.raw), sample) for name, read in DETECTORS.items()}
    return sample, got, {"jiaokan": right(got.text, sample), **peers}


def _example(sample: Sample, got: Source) -> str:
    return f"{first_difference(got.text, sample.want)}\n  {got.charset}: {got.evidence}"


def right(got: str | None, sample: Sample) -> tuple[int, int]:
    """How much of a sample was read right, and of how much: lines, or the whole."""
    if sample.column == "by line":
        lines, wanted = (got or "").split("\n"), sample.want.split("\n")
        same = sum(map(str.__eq__, lines, wanted)) if len(lines) == len(wanted) else 0
        return same, len(wanted)
    return int(got is not None and is_right(got, sample)), 1


def is_right(got: str, sample: Sample) -> bool:
    """Whether the text is identical; with a bad byte, but for the character touched and what stands for the byte."""
    if sample.touched is None:
        return got == sample.want
    before, after = sample.want[: sample.touched], sample.want[sample.touched + 1 :]
    most = len(sample.want) + _MOST_FOR_A_BYTE
    return len(before) + len(after) <= len(got) <= most and got.startswith(before) and got.endswith(after)


def clean_samples(number: int, seed: int) -> Iterator[Sample]:
    """Every charset at every length."""
    for name, charset in CHARSETS.items():
        for length, bounds in _LENGTHS.items():
            for want, raw in islice(encoded(charset, *bounds, f"{seed} {name}"), number):
                yield Sample(name, length, raw, want)


def dirty_samples(number: int, seed: int) -> Iterator[Sample]:
    """Texts of 200 characters with FF, 80 or any high byte inserted, or in place of another byte."""
    for name in _WITH_BAD_BYTE:
        draw = Random(f"{seed} dirty {name}")
        for want, _ in islice(encoded(CHARSETS[name], 200, 200, f"{seed} dirty"), number):
            for change in _CHANGES:
                raw, touched = spoiled(want, CHARSETS[name].codec, change, draw)
                yield Sample(name, change, raw, want, touched)


def mixed_samples(number: int, seed: int) -> Iterator[Sample]:
    """Files of lines in several charsets, and files of fields where one in each line has another charset."""
    streams = {name: encoded(CHARSETS[name], 10, 60, f"{seed} mixed") for name in _MIXED}
    fields = {name: encoded(CHARSETS[name], 4, 12, f"{seed} fields") for name in _MIXED}
    draw = Random(f"{seed} mixed")
    for _ in range(number):
        names = draw.sample(_MIXED, 2) + draw.choices(_MIXED, k=draw.randint(*_LINES) - 2)
        draw.shuffle(names)
        yield from _files("mixed lines", [_line(streams[name]) for name in names])
        for rest, odd in permutations(_MIXED, 2):
            rows = [_fields(fields, rest, odd, draw) for _ in range(draw.randint(*_LINES))]
            yield from _files(f"{odd} field in {rest}", rows)


def _line(stream: Iterator[tuple[str, bytes]]) -> tuple[str, bytes]:
    return next((text, raw) for text, raw in stream if "\n" not in text)


def _fields(streams: dict[str, Iterator[tuple[str, bytes]]], rest: str, odd: str, draw: Random) -> tuple[str, bytes]:
    """A line of fields, one of them in ``odd``, the others in ``rest``."""
    count = draw.randint(*_FIELDS)
    at = draw.randrange(count)
    made = [next(streams[odd if number == at else rest]) for number in range(count)]
    return ",".join(text for text, _ in made), b",".join(raw for _, raw in made)


def _files(row: str, lines: list[tuple[str, bytes]]) -> Iterator[Sample]:
    """One file, counted as a whole and by line."""
    want, raw = "\n".join(text for text, _ in lines), b"\n".join(raw for _, raw in lines)
    yield Sample(row, "by file", raw, want)
    yield Sample(row, "by line", raw, want)


def declared_samples(number: int, seed: int) -> Iterator[Sample]:
    """Texts in one charset under the label of another."""
    for name, label in _DECLARED:
        for length in ("4-8", "40", "200"):
            for want, raw in islice(encoded(CHARSETS[name], *_LENGTHS[length], f"{seed} label"), number):
                yield Sample(f"{name} as {label}", length, raw, want, declared=label)


KINDS: Final[dict[str, Callable[[int, int], Iterator[Sample]]]] = {
    "Identical text by charset and length of the text (per cent)": clean_samples,
    "One bad byte in 200 characters: identical but for the character touched (per cent)": dirty_samples,
    "Several charsets in one file: identical text (per cent)": mixed_samples,
    "A wrong label: identical text (per cent; the peers are not told the label)": declared_samples,
}
TASK: Final = Task(_run, 500, "samples of each charset and length")
