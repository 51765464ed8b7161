"""Mojibake undone: clean pieces garbled by every pair, in part, twice over and with losses, repaired and judged.

README.md says how the samples are made and what the columns mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

import ftfy

import jiaokan
from bench.corpus import pieces
from bench.forward.garble import CHAINS, DESTROYED, ENCODERS, LOSSES, PAIRS, chain_name, garbled
from bench.forward.places import PLACES
from bench.forward.scripts import traditional
from bench.harness import Run, Task
from bench.tables import Block, Shares, Table, differences, examples, first_difference
from jiaokan import Fault

_LENGTHS: Final = (2, 4, 6, 12, 20, 40, 200)
_CHAINED: Final = (6, 12, 20, 40)
_LOSSY: Final = {"4-5": (4, 5), "12-13": (12, 13), "40-41": (40, 41), "200-201": (200, 201)}  # bytes even and odd
_PLACED: Final = 5  # texts with a garbled place, for each that is garbled wholly by one pair
_TRIED: Final = 10  # pieces tried for each sample that is wanted: many pairs are seldom reversible
_CHUNK: Final = 20  # samples a worker takes at a time
OUTCOMES: Final = ("exact", "but U+FFFD", "in part", "doubted", "silent", "wrong")
_SHOWN: Final = 40  # characters of a garbled text
_MOST_LOST: Final = 3  # characters that a run of U+FFFD may stand for


class Sample(NamedTuple):
    """A garbled text, what it was before, and what it is counted as."""

    row: str
    column: str
    text: str
    want: str


class Judged(NamedTuple):
    """What became of a sample: one of ``OUTCOMES``, the text, and whether ftfy gave back the original."""

    sample: Sample
    outcome: str
    got: str
    by_ftfy: bool

    @property
    def family(self) -> str:
        """The charset that was garbled, with losses also the one it was read in; the kind of place."""
        return re.split(r", | as (?!.*,)| →", self.sample.row)[0] + f", {self.sample.column}"


def _run(run: Run) -> Iterator[Block]:
    for title, samples in KINDS.items():
        judged = list(run.map(judge, samples(run.number, run.seed), _CHUNK))
        yield from _tables(title, judged)
        for outcome in OUTCOMES[1:] if run.worst else ():
            found = [(f"{j.sample.row}, {j.sample.column}", _example(j)) for j in judged if j.outcome == outcome]
            yield examples(f"{title}: {outcome}", found, run.worst)


def _example(judged: Judged) -> str:
    return f"  text {judged.sample.text[:_SHOWN]!r}\n{first_difference(judged.got, judged.sample.want)}"


def _tables(title: str, judged: list[Judged]) -> Iterator[Table]:
    """Outcomes by length, by family and length, and by row; exact ones by row and length."""
    groups: dict[str, Callable[[Judged], str]] = {
        "by length": lambda each: each.sample.column,
        "by what was garbled": lambda each: each.family,
        "by pair": lambda each: each.sample.row,
    }
    for group, name in groups.items():
        shares = Shares()
        for each in judged:
            _add(shares, name(each), each)
        for each in judged if group == "by length" else ():
            _add(shares, "all", each)
        yield shares.table(f"{title}, {group}: outcomes (per cent)")
    exact = Shares()
    for each in judged:
        exact.add(each.sample.row, each.sample.column, each.outcome == "exact")
    yield exact.table(f"{title}, by pair and length: exact (per cent)")


def _add(shares: Shares, row: str, judged: Judged) -> None:
    for each in OUTCOMES:
        shares.add(row, each, each == judged.outcome)
    shares.add(row, "ftfy exact", judged.by_ftfy)


def judge(sample: Sample) -> Judged:
    """What the repair makes of a sample, what else there was to mend in the original set aside."""
    done = jiaokan.repair(sample.text, script="keep")
    want = jiaokan.repair(sample.want, script="keep", skip=["transcoding"]).text
    by_ftfy = ftfy.fix_encoding(sample.text) in (sample.want, want)
    return Judged(sample, _outcome(done, want, sample), done.text, by_ftfy)


def _outcome(done: jiaokan.Repair, want: str, sample: Sample) -> str:
    if done.text == want and sample.text != sample.want:
        return "exact"
    if done.text in (sample.text, jiaokan.repair(sample.text, script="keep", skip=["transcoding"]).text):
        return "doubted" if any(doubt.fault is Fault.TRANSCODING for doubt in done.doubts) else "silent"
    return changed(done.text, want, sample.text)


def changed(got: str, want: str, text: str) -> str:
    """The outcome for a text that changed into something else than what was wanted."""
    kept = re.split("\ufffd+", got)
    if len(kept) > 1 and any(kept) and re.fullmatch(f".{{1,{_MOST_LOST}}}".join(map(re.escape, kept)), want, re.S):
        return "but U+FFFD"
    put = (got[start:end] for _, _, start, end in differences(want, got))
    return "in part" if all(each and each.strip("\ufffd") in text for each in put) else "wrong"


def _written(encoder: str, least: int, most: int, seed: str) -> Iterator[str]:
    """Pieces of the language and in the script of an encoder."""
    language, script = ENCODERS[encoder]
    for text in pieces(language, least, most, seed):
        yield traditional(text, script) if script else text


def _samples(row: str, column: str, made: Iterable[tuple[str, str | None]], number: int) -> Iterator[Sample]:
    """The first ``number`` of the texts that could be garbled."""
    for text, read in islice(((text, read) for text, read in made if read), number):
        yield Sample(row, column, read, text)


def paired(number: int, seed: int) -> Iterator[Sample]:
    """Whole texts, garbled by each pair that is reversible for them."""
    for encoder in ENCODERS:
        for length in _LENGTHS:
            tried = list(islice(_written(encoder, length, length, f"{seed} pairs"), number * _TRIED))
            for pair in (pair for pair in PAIRS if pair.encoder == encoder):
                yield from _samples(str(pair), str(length), ((t, garbled(t, pair)) for t in tried), number)


def chained(number: int, seed: int) -> Iterator[Sample]:
    """Whole texts, garbled by each chain that is reversible for them."""
    for chain in CHAINS:
        for length in _CHAINED:
            tried = islice(_written(chain[0].encoder, length, length, f"{seed} chains"), number * _TRIED)
            yield from _samples(chain_name(chain), str(length), ((t, garbled(t, *chain)) for t in tried), number)


def lossy(number: int, seed: int) -> Iterator[Sample]:
    """Whole texts, garbled in each way that loses something."""
    for name, lose in LOSSES.items():
        for length, bounds in _LOSSY.items():
            tried = islice(_written(name.split()[0], *bounds, f"{seed} losses"), number * _TRIED)
            yield from _samples(name, length, ((text, lose(text)) for text in tried), number)


def placed(number: int, seed: int) -> Iterator[Sample]:
    """Clean texts with one garbled place."""
    for name, spoil in PLACES.items():
        for row, text, want in sorted(islice(spoil(f"{seed} {name}"), number * _PLACED)):
            yield Sample(row, name, text, want)


def destroyed(number: int, seed: int) -> Iterator[Sample]:
    """Texts in which some characters are destroyed: to be kept as they are."""
    for mark in DESTROYED:
        for text in islice(pieces("Chinese", 20, 20, f"{seed} destroyed"), number):
            spoiled = f"{text[:7]}{mark * 2}{text[7:]}"
            yield Sample(mark, "20", spoiled, spoiled)


KINDS: Final[dict[str, Callable[[int, int], Iterator[Sample]]]] = {
    "Reversible pairs": paired,
    "A part of a clean text": placed,
    "Twice over, and more": chained,
    "With losses": lossy,
    "Destroyed text, nothing to be done": destroyed,
}
TASK: Final = Task(_run, 100, "samples of each pair and length")
