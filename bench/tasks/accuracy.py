"""One table over all kinds of damage and of sound text: what becomes of them. Offline, from the small corpus.

Each kind is sampled as in the task that measures it in full. *Exact* is as it should be, for sound text unchanged; *in
part* has damage left and nothing wrong; *reported* is not changed, and a doubt points at it; *silent* is not changed,
and nothing is said; *wrong* is all else. A replacement and a gap count by place, all others by text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from random import Random
from typing import Any, Final, NamedTuple, TypeVar

import jiaokan
from bench.corpus import choose, documents, sources
from bench.forward.codepoints import WAYS as CODE_POINTS
from bench.forward.lessons import annotated
from bench.forward.scripts import traditional
from bench.harness import Run, Task
from bench.peers.repairs import repaired_script
from bench.tables import Block, Table, percent
from bench.tasks import charsets, gaps, harm, mojibake, replacement, script

VERDICTS: Final = ("exact", "in part", "reported", "silent", "wrong")
_CHUNK: Final = 4
_OF_MOJIBAKE: Final = {"but U+FFFD": "in part", "doubted": "reported"}
_OF_CHARSETS: Final = ("every charset", "one bad byte", "several charsets", "a wrong label")
_Item = TypeVar("_Item")


class Case(NamedTuple):
    """A text or bytes to repair.

    Attributes:
        kind: what was done to it, and the row it counts in.
        source: what is repaired.
        judge: which of ``JUDGES`` says what became of it.
        sample: what that needs.
    """

    kind: str
    source: str | bytes
    judge: str
    sample: Any


def spread(items: Iterable[_Item], number: int) -> list[_Item]:
    """``number`` of the items at most, from first to last."""
    every = list(items)
    return [every[at * len(every) // number] for at in range(number)] if len(every) > number else every


def cases(number: int, seed: int) -> Iterator[Case]:
    """``number`` cases of each kind, or as many as there are."""
    for document in spread(replacement.sample(2 * number, seed), number):
        yield Case("replacement", replacement.damaged(document).text, "replacement", document)
    yield from _of_charsets(number, seed)
    for title, samples in mojibake.KINDS.items():
        for sample in spread(samples(max(1, number // 20), seed), number):
            yield Case(f"mojibake: {title.lower()}", sample.text, "mojibake", sample)
    for page in islice(gaps.pages(number, seed), number):
        yield Case("gaps", page.text, "gaps", page)
    for way in script.WAYS:
        for text in spread(chain.from_iterable(map(script.documents, sources())), number):
            yield Case(f"script: {way}", traditional(text, way), "script", text)
    yield from _of_code_points(number, seed)
    yield from _sound(number)


def _of_charsets(number: int, seed: int) -> Iterator[Case]:
    for kind, samples in zip(_OF_CHARSETS, charsets.KINDS.values(), strict=True):
        whole = (sample for sample in samples(max(1, number // 20), seed) if sample.column != "by line")
        for sample in spread(whole, number):
            yield Case(f"bytes: {kind}", sample.raw, "charsets", sample)


def _of_code_points(number: int, seed: int) -> Iterator[Case]:
    for name, way in CODE_POINTS.items():
        draw = Random(f"{seed} {name}")
        made = ((way(text, draw), text) for text in documents("office"))
        for text, want in spread((pair for pair in made if pair[0] != pair[1]), number):
            yield Case(f"code points: {name}", text, "code points", (text, want))


def _sound(number: int) -> Iterator[Case]:
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, kept, texts in harm.sound_texts():
        by_kind[kind.partition(",")[0]] += [(text, kept) for text in spread(texts, number)]
    by_kind["lessons of people"] = [
        (text, "keep") for way, text in annotated(number, 1) if way != "a table" and "lossy" not in way
    ]
    for kind, samples in by_kind.items():
        for text, kept in spread(samples, number):
            yield Case(f"sound: {kind}", text, "sound", (text, kept))


def _replacement(document: replacement.Document) -> list[tuple[str, str]]:
    result = replacement.measure_jiaokan(document)
    return [
        (", out of step" if place.out_of_step else ", in step", str(place.judged.verdict)) for place in result.places
    ]


def _charsets(sample: charsets.Sample) -> str:
    hits, _ = charsets.right(jiaokan.Source.read(sample.raw, sample.declared).text, sample)
    return "exact" if hits else "wrong"


def _mojibake(sample: mojibake.Sample) -> str:
    outcome = mojibake.judge(sample).outcome
    if sample.text == sample.want:  # nothing to be done but to say so
        return {"doubted": "exact"}.get(outcome, outcome)
    return _OF_MOJIBAKE.get(outcome, outcome)


def _gaps(page: gaps.Filtered) -> list[tuple[str, str]]:
    # A doubt where nothing was deleted changes nothing; ``bench gaps`` counts those on sound pages.
    return [("", _gap(each)) for each in gaps.judge(page) if each.kind or each.applied]


def _gap(judged: gaps.Judged) -> str:
    if judged.applied:
        return "exact" if judged.rank == 1 else "wrong"
    return "silent" if judged.evidence == gaps.NONE else "reported"


def _script(sample: tuple[str, str]) -> str:
    source, want = sample
    return "exact" if repaired_script(source) == want else "wrong"


def _code_points(sample: tuple[str, str]) -> str:
    text, want = sample
    done = jiaokan.repair(text, script="keep")
    if done.text in (want, jiaokan.repair(want, script="keep").text):
        return "exact"
    if done.text != text:
        return _OF_MOJIBAKE.get(outcome := mojibake.changed(done.text, want, text), outcome)
    return "reported" if done.doubts else "silent"


def _unchanged(sample: tuple[str, Any]) -> str:
    text, kept = sample
    return "exact" if jiaokan.repair(text, script=kept, skip=["gaps"]).text == text else "wrong"


JUDGES: Final[dict[str, Callable[[Any], str | Sequence[tuple[str, str]]]]] = {
    "replacement": _replacement,
    "charsets": _charsets,
    "mojibake": _mojibake,
    "gaps": _gaps,
    "script": _script,
    "code points": _code_points,
    "sound": _unchanged,
}


def verdicts(case: Case) -> list[tuple[str, str]]:
    """The row and the verdict of a case, or of each place of it."""
    sample = (case.source, case.sample) if case.judge == "script" else case.sample
    judged = JUDGES[case.judge](sample)
    if isinstance(judged, str):
        return [(case.kind, judged)]
    return [(f"{case.kind}{place}", verdict) for place, verdict in judged]


def _run(run: Run) -> Iterator[Block]:
    choose(small=True)
    run.options.small = True
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for judged in run.map(verdicts, cases(run.number, run.seed), _CHUNK):
        for row, verdict in judged:
            counts[row][verdict] += 1
    rows = [
        (row, [count.total(), *(percent(count[verdict], count.total()) for verdict in VERDICTS)])
        for row, count in counts.items()
    ]
    yield Table("What becomes of each kind of damage and of sound text (per cent)", ("samples", *VERDICTS), rows)


TASK: Final = Task(_run, 150, "texts of each kind")
