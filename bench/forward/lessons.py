"""Texts that people annotate, and texts that a replacement annotated without converting them.

Each text is clean and simplified, and gets its readings in one of the ways of ``WAYS``, or by a table of ``sites``.
Some of the former also lost their rare characters, as in a charset that has none of them: what stands there then looks
as if a reading had cut the text open. Readings are those of the context (``pypinyin``), words are its phrases, and how
rare a character is comes from the news, or the first source there is, so that nothing here rests on jiaokan.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from pypinyin import Style, pinyin
from pypinyin.phrases_dict import phrases_dict

from bench.corpus import documents, is_small, paragraphs, sources
from bench.forward.damage import damage
from bench.forward.sites import unconverted

_SOURCES: Final = ("news", "reviews", "office", "novel")
_BEHIND: Final = 2000  # documents of each source that are skipped: the other benches use those
_CHOSEN: Final = (3, 20)  # how many characters or words a person chooses
_LONGEST_WORD: Final = 4
_LOST_FROM: Final = 2500  # the rank of the commonest character that a lossy text lost
# What a person takes for worth a reading because it has another one.
_POLYPHONES: Final = (
    "长行重还分相应处种间中为得了着地乐觉都数发传会当调转难教空干好少看量便假降强切曲散舍省似挑压朝称冲倒恶担弹露落没模"
)

Choice = set[int]  # places in a text
Way = Callable[[str, random.Random], Choice]


def han(text: str) -> list[int]:
    """The places of Han characters."""
    return [at for at, char in enumerate(text) if "一" <= char <= "鿿"]


@cache
def ranks() -> dict[str, int]:
    """The characters of the news, the commonest first."""
    counts = Counter("".join(paragraphs(sources()[0])))
    return {char: rank for rank, (char, _) in enumerate((c, n) for c, n in counts.most_common() if han(c))}


def rank(char: str) -> int:
    return ranks().get(char, len(ranks()))


def words(text: str) -> Iterator[range]:
    """The text cut into the longest phrases there are, single characters where there is none."""
    at = 0
    while at < len(text):
        lengths = range(min(_LONGEST_WORD, len(text) - at), 1, -1)
        length = next((n for n in lengths if text[at : at + n] in phrases_dict), 1)
        yield range(at, at + length)
        at += length


def every(_: random.Random, chars: set[str], text: str) -> Choice:
    return {at for at in han(text) if text[at] in chars}


def first(_: random.Random, chars: set[str], text: str) -> Choice:
    return {text.index(char) for char in chars}


def some(rng: random.Random, pool: set[str], weight: Callable[[str], float] = lambda _: 1.0) -> set[str]:
    """A few of the pool, drawn by weight."""
    number = min(rng.randint(*_CHOSEN), len(pool))
    return set(sorted(sorted(pool), key=lambda char: rng.random() ** (1 / weight(char)))[-number:])


def rarer_than(least: int) -> Callable[[str, random.Random], set[str]]:
    return lambda text, _: {text[at] for at in han(text) if rank(text[at]) >= least}


def new(text: str, rng: random.Random) -> set[str]:
    """Characters somebody may not know: the rarer, the likelier."""
    return some(rng, {text[at] for at in han(text)}, lambda char: (1 + rank(char)) ** 0.5)


def by_lot(text: str, rng: random.Random) -> set[str]:
    return some(rng, {text[at] for at in han(text)})


def polyphones(text: str, rng: random.Random) -> set[str]:
    return some(rng, {text[at] for at in han(text) if text[at] in _POLYPHONES})


def new_words(text: str, rng: random.Random) -> Choice:
    """A few words, character by character, wherever they stand."""
    cut = [text[word.start : word.stop] for word in words(text)]
    chosen = some(rng, {word for word in cut if len(word) > 1})
    return {at for word in words(text) if text[word.start : word.stop] in chosen for at in word}


def by(choose: Callable[[str, random.Random], set[str]], put: Callable[..., Choice]) -> Way:
    return lambda text, rng: put(rng, choose(text, rng), text)


WAYS: Final[dict[str, Way]] = {
    "every character": lambda text, _: set(han(text)),
    **{f"beyond the {n} commonest": by(rarer_than(n), every) for n in (100, 250, 600, 1200, 2500)},
    **{f"beyond the {n} commonest, once": by(rarer_than(n), first) for n in (250, 600, 1200)},
    "new words": new_words,
    "new characters": by(new, every),
    "new characters, once": by(new, first),
    "several readings": by(polyphones, every),
    "several readings, once": by(polyphones, first),
    "by lot": by(by_lot, every),
    "by lot, once": by(by_lot, first),
}
_LOSSY: Final = ("beyond the 600 commonest", "new characters", "several readings", "by lot, once")


def lesson(text: str, places: Choice) -> str:
    """The text with readings behind the characters at the places."""
    syllables = [reading[0] for reading in pinyin(text, style=Style.TONE, errors=list)]
    return "".join(f"{char}({syllables[at]})" if at in places else char for at, char in enumerate(text))


def lose(text: str, mark: str) -> str:
    """The text with a mark for each of its rare characters."""
    return "".join(mark if han(char) and rank(char) >= _LOST_FROM else char for char in text)


def annotated(number: int, joined: int) -> Iterator[tuple[str, str]]:
    """Every clean text, annotated three times by tables and in every way of people, and with losses: way and text."""
    for source in filter(sources().__contains__, _SOURCES):
        behind = 0 if is_small() else _BEHIND
        found = documents(source)[behind : behind + number]
        for at in range(0, len(found), joined):
            clean = "\n".join(found[at : at + joined])
            rng = random.Random(clean)
            yield from (("a table", damage(clean, unconverted(rng, clean)).text) for _ in range(3))
            taught = {name: lesson(clean, way(clean, rng)) for name, way in WAYS.items()}
            yield from taught.items()
            yield from ((f"{name}, lossy", lose(taught[name], mark)) for mark in "?\ufffd" for name in _LOSSY)
