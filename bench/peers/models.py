"""The language models that are compared: jiaokan's, the word frequencies of wordfreq, and a KenLM file if one is given.

A model is whatever gives log10 of the probability of whole texts in simplified characters. To add one, write a
``Model`` and enter it in ``_MODELS`` and ``_PACKAGES``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

JIAOKAN: Final = "jiaokan"
WORDFREQ: Final = "wordfreq unigrams"

# Prices in log10 of what the word models of the peers do not know. For a run of Latin letters or digits only its first
# character pays in full.
_MARKS: Final = dict.fromkeys("，。、,.\n ", -1.5) | dict.fromkeys("！？；：“”‘’（）《》【】…—·!?;:()\"'-/%", -2.8)
_LATIN_FIRST: Final = -4.2
_LATIN_NEXT: Final = -1.0
_OTHER: Final = -7.0
_RARE_HAN: Final = -9.0

_LONGEST: Final = 6  # characters of a word
_STATES: Final = 2  # readings kept where a word ends


class Model(Protocol):
    """A language model."""

    name: str  # what the tables call it

    def score_batch(self, texts: Sequence[str]) -> Sequence[float]:
        """log10 of the probability of each text, alone, from its first character to its last."""


@runtime_checkable
class Stepwise(Protocol):
    """A model that also goes forward one character at a time, as a search does that tries several next ones."""

    def start(self) -> Any:
        """Where every text begins."""

    def step(self, context: Any, char: str) -> Any:
        """The context after one more character; ``context`` stays good."""


class Jiaokan:
    """``jiaokan.lexicon`` as it is. Its contexts need not be told of simplified text which character is meant."""

    name = JIAOKAN

    def __init__(self) -> None:
        from jiaokan.lexicon import START

        self._start = START

    def score_batch(self, texts: Sequence[str]) -> list[float]:
        return [self._start.extend(text, literal=True).score for text in texts]

    def start(self) -> Any:
        return self._start

    def step(self, context: Any, char: str) -> Any:
        return context.extend(char, literal=True)


class Wordfreq:
    """The word frequencies of ``wordfreq`` over the best segmentation: each word for itself."""

    name = WORDFREQ

    def __init__(self) -> None:
        from wordfreq import get_frequency_dict

        listed = get_frequency_dict("zh", wordlist="large")
        self._words = {word: math.log10(share) for word, share in listed.items()}

    def score_batch(self, texts: Sequence[str]) -> list[float]:
        return [self._score(text) for text in texts]

    def _score(self, text: str) -> float:
        best = [0.0]
        for end in range(1, len(text) + 1):
            single = best[-1] + (self._words.get(text[end - 1]) or _unknown(text, end - 1))
            longer = (
                best[start] + price
                for start in range(max(0, end - _LONGEST), end - 1)
                if (price := self._words.get(text[start:end])) is not None
            )
            best.append(max(single, *longer, -math.inf))
        return best[-1]


class Kenlm:
    """A word model in KenLM's binary format, such as libime's ``zh_CN.lm``, over the best of its segmentations."""

    def __init__(self, path: Path) -> None:
        import kenlm

        self.name = str(path)
        self._model = kenlm.Model(str(path))
        self._state = kenlm.State
        self._words = frozenset(_vocabulary(path))

    def score_batch(self, texts: Sequence[str]) -> list[float]:
        return [self._score(text) for text in texts]

    def start(self) -> Any:
        return "", (self._first(),)

    def step(self, context: Any, char: str) -> Any:
        tail, ends = context
        text = tail + char
        return text[-_LONGEST:], (*ends, self._end(text, len(text), ends))[-_LONGEST - 1 :]

    def _score(self, text: str) -> float:
        ends = [self._first()]
        for end in range(1, len(text) + 1):
            ends.append(self._end(text, end, ends))
        best: float = max(score for score, _ in ends[-1])
        return best

    def _first(self) -> Any:
        state = self._state()
        self._model.NullContextWrite(state)
        return [(0.0, state)]

    def _end(self, text: str, end: int, ends: Sequence[Any]) -> Any:
        """The best ways to have read ``text[:end]``: their scores, and what the model keeps in mind of each."""
        words, base_score = self._words, self._model.BaseScore
        found = []
        for start in range(max(0, end - _LONGEST), end):
            word = text[start:end]
            if word in words:
                for score, state in ends[start - end]:
                    after = self._state()
                    found.append((score + base_score(state, word, after), after))
        if not found:
            score = max(score for score, _ in ends[-1]) + _unknown(text, end - 1)
            return [(score, self._first()[0][1])]
        found.sort(key=lambda way: -way[0])
        return found[:_STATES]


_MODELS: Final[dict[str, Callable[[], Model]]] = {JIAOKAN: Jiaokan, WORDFREQ: Wordfreq}
_PACKAGES: Final = {JIAOKAN: "jiaokan.lexicon", WORDFREQ: "wordfreq"}


def open_model(name: str) -> Model:
    """The model of a name: ``JIAOKAN``, ``WORDFREQ`` or the path of a KenLM file."""
    return _MODELS[name]() if name in _MODELS else Kenlm(Path(name))


def import_package(name: str) -> None:
    """Import what the model of a name is opened with.

    Raises:
        ImportError: it is not installed.
    """
    import_module(_PACKAGES.get(name, "kenlm"))


def _unknown(text: str, at: int) -> float:
    """The price of the character at ``at``, which is no word."""
    char, before = text[at], text[at - 1 : at]
    if "\u3400" <= char <= "\u9fff":
        return _RARE_HAN
    if char.isascii() and char.isalnum():
        return _LATIN_NEXT if before.isascii() and before.isalnum() else _LATIN_FIRST
    return _MARKS.get(char, _OTHER)


def _vocabulary(path: Path) -> Iterator[str]:
    """The words of a KenLM binary: they stand at its end, the unknown word first, each with a zero byte behind it."""
    raw = path.read_bytes()
    yield from raw[raw.rindex(b"<unk>\0") :].decode().split("\0")[1:-1]
