"""Some of very many things, kept in a bounded room: those that a rank puts first.

With a digest as the rank it is a draw at random that comes out the same whoever makes it: in any order, by any number
of workers, and again after an interruption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final, NamedTuple

from jiaokan.batch.documents import Place

# Bytes of a digest: among 2^64 numbers, a million documents have none in common.
_DIGEST: Final = 8


class Kept(NamedTuple):
    """One of those that were kept.

    Attributes:
        rank: the least comes first; numbers.
        place: the document.
        what: about it, in terms of JSON.
    """

    rank: tuple[int, ...]
    place: Place
    what: Any


class Draw:
    """The ``most`` of what was offered that have the least rank.

    >>> draw = Draw(2)
    >>> for number in (3, 1, 2):
    ...     draw.offer((number,), Place("-", number), lambda: "seen")
    >>> [kept.place.document for kept in draw]
    [1, 2]
    """

    def __init__(self, most: int, kept: Iterable[Kept] = (), offered: int = 0) -> None:
        self.most = most
        self.offered = offered
        self._kept = list(kept)
        self._least_refused: tuple[int, ...] | None = None
        self._trim()

    def offer(self, rank: tuple[int, ...], place: Place, make: Callable[[], Any]) -> None:
        """Keep what ``make`` gives, which is asked only if there is room for it."""
        self.offered += 1
        if self._least_refused is not None and rank >= self._least_refused:
            return
        self._kept.append(Kept(rank, place, make()))
        if len(self._kept) > 2 * self.most:
            self._trim()

    def __iter__(self) -> Iterator[Kept]:
        """What is kept, the first first."""
        self._trim()
        return iter(self._kept)

    def __len__(self) -> int:
        """How many are kept."""
        return min(len(self._kept), self.most)

    def merge(self, other: Draw, behind: int = 0) -> None:
        """As if what the other was offered had been offered here, with ``behind`` records before it."""
        self.offered += other.offered
        self._kept += [kept._replace(place=moved(kept.place, behind)) for kept in other]
        self._trim()

    def to_json(self) -> dict[str, Any]:
        """For a journal."""
        return {"offered": self.offered, "kept": [[kept.rank, kept.place, kept.what] for kept in self]}

    @classmethod
    def from_json(cls, most: int, told: Mapping[str, Any]) -> Draw:
        """What ``to_json`` gave."""
        kept = [Kept(tuple(rank), Place(*place), what) for rank, place, what in told["kept"]]
        return cls(most, kept, told["offered"])

    def _trim(self) -> None:
        self._kept.sort(key=itemgetter(0, 1))
        if len(self._kept) > self.most:
            self._least_refused = self._kept[self.most].rank
            del self._kept[self.most :]


def moved(place: Place, behind: int) -> Place:
    """The place with so many more records before it; an input as a whole, which has document 0, stays what it is.

    >>> moved(Place("in.jsonl", 3), 100).document, moved(Place("in.jsonl", 0), 100).document
    (103, 0)
    """
    return place._replace(document=place.document + behind) if behind and place.document else place


def digest(*parts: object) -> int:
    """A number that looks drawn at random, and is the same for the same parts.

    >>> digest("in.jsonl", 1) == digest("in.jsonl", 1) != digest("in.jsonl", 2)
    True
    """
    told = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(told, digest_size=_DIGEST).digest(), "big")
