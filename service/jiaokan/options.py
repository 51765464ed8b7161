"""How a text is to be repaired, as one value: checked once, when it is made, and passed on as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final, Literal, get_args

from jiaokan.report import Consent, Fault

Script = Literal["simplified", "simplified-cn", "keep"]
Punctuation = Literal["keep", "fullwidth"]
ConsentName = Literal["certain", "probable", "suggested"]

# Words that a caller may name as dropped, and characters of one. Lists of real filters have some hundreds; each word is
# tried in each gap of a page, at 20 µs.
MOST_DROPPED_WORDS: Final = 2_000
LONGEST_DROPPED_WORD: Final = 64
# Options without dropped words that are made once: a service or a batch has one or two, and there are 1,152 in all.
_MOST_KEPT: Final = 32


@dataclass(frozen=True, slots=True)
class Options:
    """How to repair a text.

    Attributes:
        script: what becomes of traditional characters.
        punctuation: what becomes of ASCII marks between Han characters.
        consent: the lowest level of finding that is applied.
        skip: the faults that are not looked for.
        dropped_words: words that a filter is known to have deleted, each once, in the order given.
    """

    script: Script = "simplified"
    punctuation: Punctuation = "keep"
    consent: Consent = Consent.PROBABLE
    skip: frozenset[Fault] = frozenset()
    dropped_words: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        script: str = "simplified",
        punctuation: str = "keep",
        consent: str = "probable",
        skip: Iterable[str] = (),
        dropped_words: Iterable[str] = (),
    ) -> Options:
        """The options by their names.

        >>> Options.of(skip=["gaps"]).skip
        frozenset({<Fault.GAPS: 'gaps'>})

        Raises:
            ValueError: one has a value that it cannot have, or there are more than ``MOST_DROPPED_WORDS`` words, or one
                is empty or has more than ``LONGEST_DROPPED_WORD`` characters.
        """
        options = _without_words(script, punctuation, consent, _faults(skip))
        words = _words(dropped_words)
        return replace(options, dropped_words=words) if words else options


@lru_cache(maxsize=_MOST_KEPT)
def _without_words(script: str, punctuation: str, consent: str, skip: frozenset[Fault]) -> Options:
    """The options for a set of names, which is the same from one document to the next."""
    return Options(
        script=_one_of("script", script, get_args(Script)),
        punctuation=_one_of("punctuation", punctuation, get_args(Punctuation)),
        consent=Consent(_one_of("consent", consent, get_args(ConsentName))),
        skip=skip,
    )


def _one_of(name: str, value: str, values: Sequence[str]) -> Any:
    if value not in values:
        raise ValueError(f"{name} is {' or '.join(map(repr, values))}, not {value!r}")
    return value


def _faults(names: Iterable[str]) -> frozenset[Fault]:
    if isinstance(names, str):
        raise ValueError(f"skip is a list, not the string {names!r}")
    found = set()
    for name in names:
        try:
            found.add(Fault(name))
        except ValueError:
            raise ValueError(f"no fault is called {name!r}; there are {', '.join(Fault)}") from None
    return frozenset(found)


class _Words(tuple[str, ...]):
    """Dropped words that were checked: those of ``Options``, which a batch passes on with each document."""

    __slots__ = ()


def _words(given: Iterable[str]) -> _Words:
    if isinstance(given, _Words):
        return given
    if isinstance(given, str):
        raise ValueError(f"dropped_words is a list, not the string {given!r}")
    words = tuple(islice(given, MOST_DROPPED_WORDS + 1))
    if len(words) > MOST_DROPPED_WORDS:
        raise ValueError(f"there are more than {MOST_DROPPED_WORDS:,} dropped words")
    for word in words:
        if not isinstance(word, str):
            raise ValueError("dropped_words is a list of strings")
        if not word:
            raise ValueError("a dropped word is empty")
        if len(word) > LONGEST_DROPPED_WORD:
            raise ValueError(f"a dropped word has {len(word)} characters; {LONGEST_DROPPED_WORD} are allowed")
    return _Words(dict.fromkeys(words))
