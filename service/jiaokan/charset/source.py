"""What came in: text, or bytes of any charset read as text with a record of every byte that could not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from jiaokan.charset.bad_bytes import repair_bad_bytes
from jiaokan.charset.decoding import decode
from jiaokan.charset.detection import AS_GOOD_AS_NONE, Detected, detect
from jiaokan.charset.losses import Loss
from jiaokan.charset.mixed import Part, parts
from jiaokan.charset.weighing import Rival, confidence_of
from jiaokan.edits import Span

# Stray bytes are looked for in so many bytes that read as no text: it takes 10 µs for each.
_HEALED_IN_DOUBT: Final = 4096


class Passage(NamedTuple):
    """A stretch of the source text, and the codec that its bytes were read with."""

    span: Span
    charset: str


@dataclass(frozen=True, slots=True)
class Source:
    """What came in, and the text it was read as.

    Attributes:
        raw: the input itself, untouched.
        text: the text, without a byte order mark.
        charset: the Python codec the bytes were read with, most of them if there are several; ``None`` when text came
            in.
        evidence: one line: why this charset.
        losses: the bytes that could not be decoded, in reading order.
        confidence: how probable it is that the bytes are in this charset, from 0 to 1; 1 when text came in.
        runner_up: the charset that came second, ``None`` if no other came into question.
        passages: where several charsets stand in one document, which stretch is in which, the whole text in order;
            empty if all of it is in one.
    """

    raw: str | bytes
    text: str
    charset: str | None = None
    evidence: str = "came as text"
    losses: tuple[Loss, ...] = ()
    confidence: float = 1.0
    runner_up: Rival | None = None
    passages: tuple[Passage, ...] = ()

    @classmethod
    def read(cls, raw: str | bytes, charset: str | None = None) -> Source:
        """Text as it is; bytes in the charset they are in, ``charset`` being the declared one.

        It never raises for content.

        >>> Source.read("問題".encode("big5"), charset="Big5").text
        '問題'
        >>> Source.read(b"\\xce\\xca\\xff\\xcc\\xe2", charset="gbk").losses
        (Loss(span=Span(start=1, end=2), raw=b'\\xff'),)

        Raises:
            TypeError: ``raw`` is neither ``str`` nor ``bytes``.
        """
        if isinstance(raw, str):
            return cls(raw, raw)
        if not isinstance(raw, bytes):
            raise TypeError(f"a source is str or bytes, not {type(raw).__name__}")
        found = detect(raw, charset)
        body = raw[found.skip :] if found.skip else raw
        text, losses = decode(body, found.codec) if found.text is None else (found.text, ())
        if found.confidence < AS_GOOD_AS_NONE:  # in what is no text, all is odd, unless a stray byte made it so
            return cls._doubted(raw, found, text, losses)
        read = parts(body, found.codec, text, bool(losses))
        if len(read) > 1:
            return cls._in_parts(raw, found, read)
        text, losses = repair_bad_bytes(body, found.codec, text, losses)
        return cls(raw, text, found.codec, found.evidence, losses, found.confidence, found.rival)

    @classmethod
    def _doubted(cls, raw: bytes, found: Detected, text: str, losses: tuple[Loss, ...]) -> Source:
        """A document that reads as no text: as it is, or without its stray bytes if that is text."""
        confidence = found.confidence
        if len(raw) <= _HEALED_IN_DOUBT:
            other, lost = repair_bad_bytes(raw[found.skip :], found.codec, text, losses)
            if other != text and (likely := confidence_of(raw, found.codec, other, lost)) >= AS_GOOD_AS_NONE:
                text, losses, confidence = other, lost, likely
        return cls(raw, text, found.codec, found.evidence, losses, confidence, found.rival)

    @classmethod
    def _in_parts(cls, raw: bytes, found: Detected, read: Sequence[Part]) -> Source:
        """A document that is in several charsets, read part by part."""
        pieces = [repair_bad_bytes(part.raw, part.codec, *decode(part.raw, part.codec)) for part in read]
        ends = [*accumulate(len(text) for text, _ in pieces)]
        starts = [0, *ends[:-1]]
        losses = tuple(
            Loss(Span(start + loss.span.start, start + loss.span.end), loss.raw)
            for start, (_, lost) in zip(starts, pieces, strict=True)
            for loss in lost
        )
        text = "".join(text for text, _ in pieces)
        sizes = dict.fromkeys((part.codec for part in read), 0)
        for start, end, part in zip(starts, ends, read, strict=True):
            sizes[part.codec] += end - start
        passages = tuple(Passage(Span(*span), part.codec) for *span, part in zip(starts, ends, read, strict=True))
        evidence = f"lines or fields in {' and '.join(sizes)}"
        most = max(sizes, key=sizes.__getitem__)
        return cls(raw, text, most, evidence, losses, found.confidence, found.rival, passages)
