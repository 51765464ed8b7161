"""Where in a line a channel did its damage: the stretches that read better undone than as they are.

A line is cut into *groups*, the least stretches that come to whole characters both as they were read and as they were
written. Each is kept or undone, whichever its characters cost less (``unigram_score``), and a change from one to the
other costs as well, so that a stretch ends where the damage does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from jiaokan.edits import Edit, Span
from jiaokan.faults.transcoding.channels import Channel, Decoder
from jiaokan.lexicon.hanzi import MARK_CLASS, is_han
from jiaokan.lexicon.prices import unigram_score

# log10 of how seldom damage begins or ends in a line that has some: where ASCII, Chinese and other characters meet, or
# the line ends, and amid characters of one kind.
BORDER: Final = -3.0
AMID: Final = -5.0
# log10 of how seldom bytes are a character of UTF-8 by chance: of two bytes, one time in six.
PROOF: Final = 0.8
# log10 by which a character that lost a byte is likelier than U+FFFD that was always there.
LOST: Final = 2.5
_NEVER: Final = float("-inf")


class Group(NamedTuple):
    """Characters ``start`` to ``end`` of a line, and what they were; ``None`` if they cannot have come this way."""

    start: int
    end: int
    undone: str | None


def stretches(line: str, channel: Channel) -> list[Edit]:
    """What the channel garbled in a line, undone, in reading order.

    >>> from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS
    >>> stretches("这里写着娴嬭瘯两个字", Channel(ENCODERS["UTF-8"], DECODERS["GBK"]))
    [Edit(start=4, before='娴嬭瘯', after='测试')]
    """
    cut = groups(line, channel)
    chosen = _valid(line, cut) if channel.written.proves else _undone(line, cut)
    return [edit for stretch in chosen if (edit := _edit(line, stretch))]


def lossy_stretches(line: str, cut: Sequence[Group]) -> list[Span]:
    """Where a line of UTF-8 reads better by the groups it was cut into, in which U+FFFD stands for what was lost."""
    edits = (edit for stretch in _undone(line, cut, _with_proof) if (edit := _edit(line, stretch)))
    return [edit.span for edit in edits]


def _with_proof(undone: str) -> float:
    return unigram_score(undone) + PROOF * len(undone) + LOST * undone.count("\ufffd")


def groups(line: str, channel: Channel) -> list[Group]:
    """The groups of a line, in reading order, without a gap."""
    found: list[Group] = []
    for start, end, raw in _read_as(line, channel.read):
        if raw is None:
            found += (Group(at, at + 1, None) for at in range(start, end))
        else:
            found += _groups(line, start, end, raw, channel)
    return found


def _read_as(line: str, decoder: Decoder) -> Iterator[tuple[int, int, bytes | None]]:
    """The line in runs that the decoder can have given, with their bytes, and others, without."""
    start = 0
    while start < len(line):
        raw = decoder.back(line[start:])
        end = len(line) if raw is not None else start + decoder.reach(line[start:])
        if end > start:
            yield start, end, raw if raw is not None else decoder.back(line[start:end])
        if end < len(line):
            yield end, end + 1, None
            end += 1
        start = end


def _groups(line: str, start: int, end: int, raw: bytes, channel: Channel) -> Iterator[Group]:
    """The groups of a run that stands for ``raw``."""
    places = _places(line[start:end], raw, channel.read)
    begun, done = 0, 0
    undone: str | None = ""
    for size, char in _characters(raw, channel):
        done += size
        undone = undone + char if char is not None and undone is not None else None
        if done in places:
            yield Group(start + places[begun], start + places[done], undone)
            begun, undone = done, ""


def _places(run: str, raw: bytes, decoder: Decoder) -> dict[int, int]:
    """For the number of bytes before a character of a run, the number of characters before it."""
    if len(raw) == len(run):
        return dict(zip(range(len(run) + 1), range(len(run) + 1), strict=True))
    sizes = [1 if char < "\x80" else 2 for char in run]
    if sum(sizes) != len(raw):  # four bytes, or three, or one for a halfwidth kana
        sizes = [len(decoder.back(char) or b"") for char in run]
    return dict(zip(accumulate(sizes, initial=0), range(len(run) + 1), strict=True))


def _characters(raw: bytes, channel: Channel) -> Iterator[tuple[int, str | None]]:
    """The characters that bytes are as they were written, each with its size; ``None`` for bytes that are none."""
    tokens = channel.written.characters.findall(raw)
    text = raw.decode(channel.written.codec, "surrogateescape")
    if len(text) != len(tokens):  # bytes of legal form without a character
        return ((len(token), channel.written.read(token)) for token in tokens)
    return (
        (len(token), None if "\udc80" <= char <= "\udcff" else char) for token, char in zip(tokens, text, strict=True)
    )


def _valid(line: str, cut: Sequence[Group]) -> Iterator[list[Group]]:
    """The stretches of groups that are what they should be, if that is no accident: the bytes say where they end.

    The fields of a stretch, with ASCII between them, have to gain each for itself.
    """
    for whole, run in groupby(cut, lambda group: group.undone is not None):
        fields = groupby(run, lambda group: line[group.start : group.end].isascii()) if whole else ()
        stretch: list[Group] = []
        for is_ascii, field in fields:
            stretch += (listed := list(field))
            if not is_ascii and not _gains(line, listed):
                yield stretch[: -len(listed)]
                stretch = []
        yield stretch


def _gains(line: str, field: Sequence[Group]) -> bool:
    before = line[field[0].start : field[-1].end]
    after = "".join(group.undone or "" for group in field)
    return unigram_score(after) + PROOF * len(after) + BORDER > unigram_score(before)


def _undone(line: str, cut: Sequence[Group], price: Callable[[str], float] = unigram_score) -> Iterator[list[Group]]:
    """The stretches of groups that cost less undone, by the cheapest way through all groups (Viterbi)."""
    kept, undone, kind = 0.0, _NEVER, ""
    begins: list[bool] = []  # whether the cheapest way to be undone at a group was to keep the one before
    ends: list[bool] = []
    for start, end, text in cut:
        shown = line[start:end]
        before, kind = (
            kind,
            "ASCII" if shown.isascii() else "Han" if is_han(shown[0]) or shown[0] in MARK_CLASS else "other",
        )
        turn = AMID if before == kind != "ASCII" else BORDER
        ends.append(undone + turn > kept)
        begins.append(kept + turn > undone)
        keep, undo = max(kept, undone + turn), max(undone, kept + turn)
        as_is = unigram_score(shown)
        kept = keep + as_is
        undone = undo + (as_is if text == shown else price(text) if text is not None else _NEVER)
    yield from reversed(list(_traced(cut, begins, ends, undone + BORDER > kept)))


def _traced(cut: Sequence[Group], begins: Sequence[bool], ends: Sequence[bool], within: bool) -> Iterator[list[Group]]:
    """The stretches along the cheapest way, from the last group back to the first."""
    stretch: list[Group] = []
    for number in range(len(cut) - 1, -1, -1):
        if within:
            stretch.append(cut[number])
            within = not begins[number]
            if not within:
                yield stretch[::-1]
                stretch = []
        else:
            within = ends[number]
    if stretch:
        yield stretch[::-1]


def _edit(line: str, stretch: Sequence[Group]) -> Edit | None:
    """The edit that undoes a stretch, from the first group that changes to the last."""
    changed = [number for number, group in enumerate(stretch) if group.undone != line[group.start : group.end]]
    if not changed:
        return None
    stretch = stretch[changed[0] : changed[-1] + 1]
    before = line[stretch[0].start : stretch[-1].end]
    return Edit.at(stretch[0].start, before, "".join(group.undone or "" for group in stretch))


def proof(undone: str, channel: Channel) -> float:
    """What it counts for that bytes are characters of a charset that others hardly spell by chance, as log10."""
    return PROOF * sum(char > "\x7f" for char in undone) if channel.written.proves else 0.0


def trimmed(start: int, before: str, after: str) -> Edit | None:
    """An edit without what is the same at its beginning and its end, or ``None`` if all is.

    >>> trimmed(3, "(é›…)", "(雅)")
    Edit(start=4, before='é›…', after='雅')
    """
    if before == after:
        return None
    if before and after and before[0] != after[0] and before[-1] != after[-1]:
        return Edit.at(start, before, after)
    least = min(len(before), len(after))
    head = next((at for at in range(least) if before[at] != after[at]), least)
    least -= head
    tail = next((at for at in range(least) if before[-1 - at] != after[-1 - at]), least)
    return Edit.at(start + head, before[head : len(before) - tail], after[head : len(after) - tail])
