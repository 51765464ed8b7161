"""One document of a batch: repaired whatever it holds, or rejected with a reason. All formats and engines stand on it.

Rules of this file: nothing that a document holds raises; no more of a document's account is kept than is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple, get_args

from jiaokan import pipeline
from jiaokan.charset.losses import Loss
from jiaokan.charset.source import Source
from jiaokan.edits import Span
from jiaokan.records import Record, record
from jiaokan.report import Change, Fault, Finding, Repair
from jiaokan.screen import no_text

# What can be told of a repaired document, in a field of its own under the name jiaokan.NAME: the Python codec that
# most of its bytes were read with (None if text came in); the faults that were repaired, in the order of repair; the
# changes and the doubts as records located in the source text; the code points that were changed (``chars_changed``).
Added = Literal["charset", "faults", "edits", "doubts", "chars_changed"]
ADDED: Final[tuple[Added, ...]] = get_args(Added)

# Bytes of a document at most, unless told otherwise.
LONGEST: Final = 16 * 1024 * 1024
# Characters that are repaired together: those of a hundred seeds. A page as damaged as the seeds takes 70 MB of memory
# for each MB of UTF-8 while its account is kept, so what is longer, such as a novel, is repaired stretch by stretch.
STRETCH: Final = 1 << 18
# Where a stretch may end, the best first.
_ENDS: Final = tuple(map(re.compile, (r"\n", "[。！？.!?]", r"[\s，,]")))


class Place(NamedTuple):
    """Where a document stands.

    Attributes:
        path: the input.
        document: which record of the piece that is read, from 1.
        field: the field or column, if a record holds several documents.
        name: what the input itself calls it, such as its URL.
    """

    path: str
    document: int = 1
    field: str | None = None
    name: str | None = None


class Reject(NamedTuple):
    """A document that is not in the output: where it stands, and why."""

    place: Place
    reason: str


class Repaired(NamedTuple):
    """A repaired document.

    Attributes:
        text: the clean text; the very object that came in if it is clean.
        added: what was asked to be told of it, by name.
        is_text: whether it is a text; a picture or a program is none, and nothing is repaired in it.
    """

    text: str
    added: Mapping[Added, Any]
    is_text: bool = True


# Told of every repair: where the document stands, its bytes, the repair, and the code point of the document where the
# repaired stretch starts; 0 but for the further stretches of a long document.
Noted = Callable[[Place, int, Repair, int], None]


@dataclass(frozen=True, slots=True)
class Repairer:
    """Repairs documents one by one, all with the same options.

    Attributes:
        options: arguments for ``pipeline.repair`` but the source and the charset.
        charset: the charset of documents that declare none themselves.
        wanted: what to tell of each.
        longest: bytes that a document may have.
        whole: whether to repair long documents in one, which takes as much memory as their whole account.
        met: asked before each document; a reason if it is not to be repaired.
        noted: told of every repair.
        rejected: told of every document that cannot be repaired.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    charset: str | None = None
    wanted: Sequence[Added] = ()
    longest: int = LONGEST
    whole: bool = False
    met: Callable[[Place], str | None] = lambda _place: None
    noted: Noted = lambda _place, _size, _repair, _start: None
    rejected: Callable[[Reject], None] = lambda _reject: None

    def repair(self, source: str | bytes, place: Place, charset: str | None = None) -> Repaired | None:
        """The repaired document, ``None`` if it was rejected.

        >>> Repairer(wanted=["faults", "chars_changed"]).repair("問題", Place("-"))
        Repaired(text='问题', added={'faults': ['script'], 'chars_changed': 2}, is_text=True)
        """
        size = len(source) if isinstance(source, bytes) else bytes_of(source)
        reason = self.met(place)
        if size > self.longest:
            reason = too_long(size, self.longest)
        if not reason:
            try:
                return self._repaired(source, place, size, charset or self.charset)
            except MemoryError:
                reason = f"there is no memory to repair its {size:,} bytes"
            except Exception as error:  # a bug, which must not cost the other documents
                reason = f"{type(error).__name__}: {error}"
        self.rejected(Reject(place, reason))
        return None

    def _repaired(self, source: str | bytes, place: Place, size: int, charset: str | None) -> Repaired:
        account = _Account(self.wanted)
        if self.whole or len(source) <= STRETCH:
            repair = pipeline.repair(source, charset=charset, **self.options)
            self.noted(place, size, repair, 0)
            is_text = bool(repair.rounds) or not repair.doubts or no_text(repair.text) is None
            return Repaired(repair.text, account.told(repair.source, [repair]), is_text)
        read = Source.read(source, charset)
        if binary := no_text(read.text):
            repair = Repair(read, read.text, (), (binary,))
            self.noted(place, size, repair, 0)
            return Repaired(read.text, account.told(read, [repair]), is_text=False)

        def repairs() -> Iterator[Repair]:
            start = 0
            for stretch in stretches(read.text):
                repair = replace(pipeline.repair(stretch, **self.options), source=_part(read, start, stretch))
                self.noted(place, size, repair, start)
                texts.append(repair.text)
                yield repair
                start += len(stretch)

        texts: list[str] = []
        told = account.told(read, repairs())
        text = "".join(texts)
        return Repaired(read.text if text == read.text else text, told)


class _Account:
    """What is wanted of the account of a document."""

    def __init__(self, wanted: Sequence[Added]) -> None:
        self.wanted = wanted

    def told(self, source: Source, repairs: Iterator[Repair] | Sequence[Repair]) -> dict[Added, Any]:
        """By name, from its repairs, stretch by stretch."""
        faults, changed, start = set[Fault](), 0, 0
        rows: dict[str, list[Record]] = {"edits": [], "doubts": []}
        for repair in repairs:
            if self.wanted and (repair.rounds or repair.doubts):
                faults.update(change.fault for change in repair.changes)
                changed += chars_changed(repair)
                if "edits" in self.wanted:
                    rows["edits"] += _rows(repair.changes, repair.source.text, start)
                if "doubts" in self.wanted:
                    rows["doubts"] += _rows(repair.doubts, repair.source.text, start)
            start += len(repair.source.text)
        values: dict[Added, Any] = {
            "charset": source.charset,
            "faults": [fault.value for fault in Fault if fault in faults],
            "edits": rows["edits"],
            "doubts": rows["doubts"],
            "chars_changed": changed,
        }
        return {name: values[name] for name in self.wanted}


def chars_changed(repair: Repair) -> int:
    """The code points that were changed: of each edit those of its longer side.

    >>> chars_changed(pipeline.repair("現(xiàn)代"))
    7
    """
    return sum(max(len(edit.before), len(edit.after)) for edit in repair.edits) if repair.rounds else 0


def added_name(added: Added, field: str | None = None) -> str:
    """The key or column of what is told of a document; ``field`` says of which, where a record holds several.

    >>> added_name("charset"), added_name("charset", "title")
    ('jiaokan.charset', 'jiaokan.title.charset')
    """
    return f"jiaokan.{added}" if field is None else f"jiaokan.{field}.{added}"


def bytes_of(text: str) -> int:
    """How many bytes of UTF-8 a text takes.

    >>> bytes_of("問題")
    6
    """
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def too_long(size: int, longest: int) -> str:
    """Why a document of so many bytes is rejected.

    >>> too_long(1 << 30, 16 << 20)
    'it has 1,073,741,824 bytes, and a document may have 16,777,216'
    """
    return f"it has {size:,} bytes, and a document may have {longest:,}"


def stretches(text: str, most: int = STRETCH) -> Iterator[str]:
    """A text cut into stretches of at most ``most`` characters, behind a line break where there is one.

    >>> [*stretches("一二\\n三。四五六", 4)]
    ['一二\\n', '三。', '四五六']
    """
    start = 0
    while len(text) - start > most:
        end = _end(text, start, start + most)
        yield text[start:end]
        start = end
    yield text[start:]


def _part(read: Source, start: int, stretch: str) -> Source:
    """The stretch of a source that starts at code point ``start``, as read with the rest of it."""
    end = start + len(stretch)
    lost = [loss for loss in read.losses if start <= loss.span.start < end]
    losses = tuple(Loss(Span(loss.span.start - start, loss.span.end - start), loss.raw) for loss in lost)
    return replace(read, raw=stretch, text=stretch, losses=losses, passages=())


def _end(text: str, start: int, end: int) -> int:
    """Where the stretch from ``start`` ends, at ``end`` at the latest."""
    for pattern in _ENDS:
        for since in (end - (end - start) // 16, start):  # near its end, as a rule
            last = max((match.end() for match in pattern.finditer(text, since, end)), default=0)
            if last:
                return last
    return end


def _rows(found: Sequence[Change | Finding], text: str, start: int) -> Iterator[Record]:
    for each in found:
        row = record(each, text)
        row["start"] += start
        row["end"] += start
        yield row
