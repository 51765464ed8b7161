"""Two tasks for a language model of Chinese, drawn from clean text: T1, which reading is right, and T2, a lost byte.

The text is made traditional and GBK bytes, since that is where bytes go astray. A model is then asked in simplified
characters, each traditional one simplified for itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final, Literal, NamedTuple

from bench.corpus import documents
from bench.forward.scripts import simplify, traditional

Byte = Literal["lead", "trail"]

_CONTEXT: Final = 10  # characters on either side of a lost byte that a model is shown, cut at the sentence
_TRIES: Final = 200  # draws for one item; a source that needs more has no such items
_LEADS: Final = range(0x81, 0xFF)
_TRAILS: Final = range(0x40, 0xFF)
_SENTENCE: Final = re.compile(r"[^。！？\n]+[。！？]*[”’」』）]*")
_HAN_CLASS: Final = "\u3400-\u9fff\uf900-\ufaff"
_HAN: Final = re.compile(f"[{_HAN_CLASS}]")


class Reading(NamedTuple):
    """An item of T1: ``size`` Han characters, and what their bytes say without the first and the last one."""

    source: str
    size: int
    right: str
    shifted: str


class Lost(NamedTuple):
    """An item of T2: a character of which one byte is left, in its sentence.

    Attributes:
        source: the source of the text.
        byte: the byte that is lost.
        before: at most ``_CONTEXT`` characters.
        after: at most ``_CONTEXT`` characters.
        right: the character, simplified.
        among: how many Han characters of GBK have the byte that is left where it stands.
        candidates: those characters simplified, each once.
    """

    source: str
    byte: Byte
    before: str
    after: str
    right: str
    among: int
    candidates: tuple[str, ...]


def readings(source: str, size: int, number: int, seed: int) -> list[Reading]:
    """``number`` items of T1 from one source; no two alike unless the source repeats itself."""
    rng = random.Random(f"T1 {source} {size} {seed}")
    return list(islice(_readings(source, size, rng, number * _TRIES), number))


def losses(source: str, number: int, seed: int) -> list[Lost]:
    """``number`` items of T2 from one source."""
    rng = random.Random(f"T2 {source} {seed}")
    return list(islice(_losses(source, rng, number * _TRIES), number))


@cache
def sentences(source: str) -> tuple[str, ...]:
    """The sentences of one source, simplified, in the order of its documents."""
    return tuple(sentence for text in documents(source) for sentence in _SENTENCE.findall(text))


def _readings(source: str, size: int, rng: random.Random, tries: int) -> Iterator[Reading]:
    # A look-ahead, so that stretches overlap and each is as likely as the next.
    stretch = re.compile(rf"(?=([{_HAN_CLASS}]{{{size}}}))")
    for _ in range(tries):
        found = stretch.findall(rng.choice(sentences(source)))
        if found:
            right = rng.choice(found)
            shifted = _shifted(traditional(right, "s2t"))
            if shifted is not None:
                yield Reading(source, size, right, simplify(shifted))


def _shifted(text: str) -> str | None:
    """The bytes of ``text`` from the second one on, two by two; ``None`` if a pair is no character of GBK."""
    raw = text.encode("gbk")[1:-1]
    pairs = [raw[at : at + 2].decode("gbk", "replace") for at in range(0, len(raw), 2)]
    return "".join(pairs) if all(len(pair) == 1 and pair != "\ufffd" for pair in pairs) else None


def _losses(source: str, rng: random.Random, tries: int) -> Iterator[Lost]:
    for _ in range(tries):
        sentence = rng.choice(sentences(source))
        places = [match.start() for match in _HAN.finditer(sentence)]
        if places:
            at = rng.choice(places)
            before, after = sentence[max(0, at - _CONTEXT) : at], sentence[at + 1 : at + 1 + _CONTEXT]
            lead, trail = traditional(sentence, "s2t")[at].encode("gbk")
            byte: Byte = rng.choice(("lead", "trail"))
            among = _with_trail(trail) if byte == "lead" else _with_lead(lead)
            yield Lost(source, byte, before, after, sentence[at], len(among), tuple(dict.fromkeys(simplify(among))))


@cache
def _with_lead(lead: int) -> str:
    return "".join(_HAN.findall("".join(bytes((lead, trail)).decode("gbk", "ignore") for trail in _TRAILS)))


@cache
def _with_trail(trail: int) -> str:
    return "".join(_HAN.findall("".join(bytes((lead, trail)).decode("gbk", "ignore") for lead in _LEADS)))
