"""How much of the byte-blind replacement is undone, and how much clean text is spoiled.

    python bench/accuracy.py              damage clean documents, repair them, count; beside peers
    python bench/accuracy.py --harm       repair clean text and list every place that changed
    python bench/accuracy.py --charsets   read bytes of many charsets; beside detectors
    python bench/accuracy.py --mojibake   repair text decoded in the wrong charset
    python bench/accuracy.py --ftfy       ftfy's own test cases; beside ftfy
    python bench/accuracy.py --gaps       find the words that filters deleted
    python bench/accuracy.py --script     simplified text made traditional and brought back; beside OpenCC
    python bench/accuracy.py --worst 20   also print examples of what went wrong and of what was left

README.md says what each column means.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from typing import Final, NamedTuple

from rich.console import Console

from corpus import UnavailableError, documents
from damage import Kind, Page, Site, Spot, damage
from ftfy_cases import report_ftfy
from gaps import report_gaps
from harm import report_harm
from judge import Judged, Outcome, judge, same
from mojibake import report_mojibake
from peers import PEERS
from pieces import SHARES
from script import report_script
from sites import draw, is_toneless
from tables import IN_STEP, UNDAMAGED, Place, Result, report, report_worst

_DOCUMENTS: Final = 4000  # to damage, unless told
_SAMPLES: Final = 500  # of each charset and length, unless told
_GARBLED: Final = 100  # of each pair and length, unless told
_FILTERED: Final = 3000  # pages of sites with a filter, unless told
_CHUNK: Final = 20  # documents a worker takes at a time
_CONTEXT: Final = 12  # characters shown on either side of an example

_NAMES: Final = {
    frozenset({Kind.ALIGNED}): "aligned annotation",
    frozenset({Kind.STRADDLING}): "straddling hit",
    frozenset({Kind.ACROSS_ASCII}): "across Han and ASCII",
    frozenset({Kind.MARK}): "second rule, blank",
    frozenset({Kind.MARK_STRADDLING}): "second rule, straddling",
}
_LENGTHS: Final = ((2, "1-2"), (4, "3-4"), (8, "5-8"), (16, "9-16"), (10**6, "17+"))


class Task(NamedTuple):
    """One document to damage and repair."""

    source: str
    text: str
    seed: str


def tasks(number: int, seed: int) -> Iterator[Task]:
    """``number`` documents of all sources, each with a site of its own."""
    for source, share in SHARES.items():
        for text in documents(source)[: round(number * share)]:
            yield Task(source, text, f"{seed} {text}")


def measure(task: Task) -> list[Result]:
    """The results of all peers on one document."""
    page = damage(task.text, draw(task.seed, task.text))
    return [_result(name, repair, page, task.source) for name, repair in PEERS.items()]


def _result(name: str, repair: Callable[[str], Outcome], page: Page, source: str) -> Result:
    outcome = repair(page.text)
    places = tuple(_place(page, judged) for judged in judge(page, outcome))
    traits = (*_traits(page.site), *_difficulty(places), f"source: {source}")
    but_script = same(outcome.text, page.clean)
    return Result(name, traits, len(page.text), outcome.text == page.clean, but_script, places)


def _place(page: Page, judged: Judged) -> Place:
    before = page.text[max(0, judged.start - _CONTEXT) : judged.start]
    after = page.text[judged.end : judged.end + _CONTEXT]
    shown = f"{before}[{page.text[judged.start : judged.end]}]{after}".replace("\n", "⏎")
    kind, length = _kind(judged.spot), _length(judged.spot)
    return Place(kind, length, judged.verdict, shown, judged.got, judged.want, judged.consent, judged.best_guess)


def _kind(spot: Spot | None) -> str:
    if spot is None:
        return UNDAMAGED
    return _NAMES.get(spot.kinds, "several hits") if spot.hits == 1 else "several hits"


def _length(spot: Spot | None) -> str:
    characters = spot.clean_end - spot.clean_start if spot else 0
    return next(name for most, name in _LENGTHS if characters <= most)


def _difficulty(places: tuple[Place, ...]) -> Iterator[str]:
    out = any(place.kind not in IN_STEP for place in places)
    yield "documents with spots out of step" if out else "documents wholly in step"


def _traits(site: Site) -> Iterator[str]:
    yield f"lost byte: {site.decoder}"
    yield f"folding: {site.folding}"
    yield f"private use: {'kept' if site.private else 'stripped'}"
    yield f"script: {site.script}{', converted back' if site.converted else ''}"
    yield ("rules: both, " + ("blanks shown" if site.blank else "nothing shown")) if site.controls else "rules: first"
    yield f"table: {'5-20' if len(site.entries) <= 20 else '21-50' if len(site.entries) <= 50 else '51-80'} characters"
    yield from ["rare: readings without tones"] * is_toneless(site)
    yield from ["rare: fullwidth parentheses"] * site.fullwidth
    yield from ["rare: replaced twice"] * (site.runs > 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, help="how many documents, or samples of each kind (README.md)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the samples (default 1)")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="print about N examples of each failure")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--harm", action="store_true", help="repair clean text instead")
    instead.add_argument("--charsets", action="store_true", help="read bytes instead")
    instead.add_argument("--mojibake", action="store_true", help="repair mojibake instead")
    instead.add_argument("--ftfy", action="store_true", help="repair ftfy's test cases instead")
    instead.add_argument("--gaps", action="store_true", help="find deleted words instead")
    instead.add_argument("--script", action="store_true", help="bring back text made traditional instead")
    parser.add_argument("--workers", type=int, default=None, help="worker processes (default: one for each core)")
    return parser.parse_args()


def _measure_all(arguments: argparse.Namespace, console: Console) -> None:
    todo = list(tasks(arguments.documents or _DOCUMENTS, arguments.seed))
    with ProcessPoolExecutor(arguments.workers) as pool:
        results = list(chain.from_iterable(pool.map(measure, todo, chunksize=_CHUNK)))
    report(results, console)
    if arguments.worst:
        report_worst(results, arguments.worst, console)


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 170)
    began = time.perf_counter()
    sample = arguments.seed, arguments.workers, arguments.worst
    try:
        if arguments.harm:
            report_harm(console, arguments.workers, arguments.documents)
        elif arguments.charsets:
            from charsets import report_charsets  # which needs the detectors of the extra

            report_charsets(console, arguments.documents or _SAMPLES, *sample)
        elif arguments.mojibake:
            report_mojibake(console, arguments.documents or _GARBLED, *sample)
        elif arguments.ftfy:
            report_ftfy(console)
        elif arguments.gaps:
            report_gaps(console, arguments.documents or _FILTERED, *sample)
        elif arguments.script:
            report_script(console, arguments.documents, arguments.workers, arguments.worst)
        else:
            _measure_all(arguments, console)
    except UnavailableError as error:
        sys.exit(f"bench: {error}")
    console.print(f"{time.perf_counter() - began:.0f} s", highlight=False)


if __name__ == "__main__":
    main()
