"""Which charset bytes are in: a ladder from proof to probability.

A byte order mark; escape sequences, where all bytes are below 0x80; UTF-8 with more sequences than chance makes;
UTF-16, GBK or Big5 that reads well throughout; and where none of these says it, the noisy channel (``channel``) over
samples of the bytes. A label is evidence at every step and proof at none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from jiaokan.charset.common_characters import count_beyond, reads_well, usual_or_ascii
from jiaokan.charset.decoding import decode, forms
from jiaokan.charset.escape_sequences import escaped_codec
from jiaokan.charset.labels import BOMS, declared
from jiaokan.charset.mixed import UTF8_WITHIN, blend, fields
from jiaokan.charset.weighing import (
    DECLARED,
    DECLARED_AND_LEGAL,
    Rival,
    Weighed,
    neighbours,
    of_ascii,
    rank_charsets,
    reads_at_all,
    rivals,
)
from jiaokan.lexicon.hanzi import KANA_CLASS
from jiaokan.lexicon.writing import text_score

# So many bytes 80 to BF inside sequences prove UTF-8: in two-byte characters of GBK about one in five is a sequence of
# two by chance, so twelve in a row are found once in 10^8 documents. Chinese has six characters of them.
PROVEN: Final = 12
# Bad bytes allowed for each sequence before text stops being UTF-8 with an accident. Text in another charset gives
# about one bad byte for each good sequence or worse.
_BAD_PER_SEQUENCE: Final = 0.1
# Bad bytes in a hundred characters of GBK or Big5 that reads well otherwise.
_BAD_SHARE: Final = 0.02
# Before all of a document is read leniently, so many bytes of it are.
_HEAD: Final = 1024
# What decodes as HZ throughout is taken for it by so many characters.
_GLANCE: Final = 128
_CHINESE: Final = ("gb18030", "big5hkscs")
_WIDE: Final = ("utf-16-le", "utf-16-be")
_WIDEST: Final = ("utf-32-le", "utf-32-be")
_DOUBLE: Final = frozenset((*_WIDE, *_WIDEST))
_TWO_CHARACTERS: Final = 4  # bytes of UTF-16
# Bytes that are bad in seven bits; and what keeps their places in them.
_BEYOND: Final = bytes(range(0x80, 0x100))
_OVERWRITTEN: Final = bytes(range(0x80)) + b"!" * 0x80
# The channel looks at all of a short document, at so many bytes, and of a longer one at stretches of so many bytes at
# so many places. UTF-16 has no stretches: there, as many bytes from the beginning.
_KANA: Final = re.compile(f"[{KANA_CLASS}]")
_SHORT: Final = 96
_STRETCH, _PLACES = 40, 3
_STRETCHES: Final = re.compile(rb"[A-Za-z]{0,8}[\x80-\xff][^\n]*")
# The share of usual characters from which UTF-16 comes into question. Text in it has 0.9 and more; other bytes read
# as it have few, since four Han characters in five are unusual.
_USUAL_IN_UTF16: Final = 0.6
# First bytes of Han characters, ASCII and Chinese marks in UTF-16, and their share from which it is worth trying: in
# text it is all of them, while of the second bytes of Han characters a third is among them by chance.
_FIRST_OF_CHINESE: Final = bytes((0x00, 0x20, 0x30, *range(0x4E, 0xA0), 0xFF))
_MOSTLY: Final = 0.9
# How much likelier UTF-16 must be than ASCII, log10: one English word in a million may not become Chinese.
_MORE_THAN_ASCII: Final = 6.0
# Chinese costs 1.3 to 3.5 for each character; from here on the neighbours are asked, and chardet.
_PLAUSIBLE: Final = -3.3
# Below this confidence it is likelier that the bytes are no text than that they are in the likeliest charset.
AS_GOOD_AS_NONE: Final = 0.1


class Detected(NamedTuple):
    """The charset of bytes.

    Attributes:
        codec: Python's codec, or ours.
        confidence: how probable it is that the bytes are in it, from 0 to 1.
        evidence: one line: why this one.
        rival: the second in question, ``None`` if there was none.
        skip: the bytes of a mark, which are no text.
        text: what the bytes read as, if that is known without losses.
    """

    codec: str
    confidence: float
    evidence: str
    rival: Rival | None = None
    skip: int = 0
    text: str | None = None


def detect(raw: bytes, label: str | None = None) -> Detected:
    """The charset of bytes, with ``label`` as the declared one. It always has a result.

    >>> detect("催收的必要性".encode("gbk")).codec, detect("催收的必要性".encode("utf-16-be")).codec
    ('gb18030', 'utf-16-be')
    >>> detect(b"plain").evidence
    'ASCII'
    """
    for bom, codec in BOMS:
        if raw.startswith(bom):
            return Detected(codec, 1.0, "byte order mark", skip=len(bom))
    labels = declared(raw, label)
    if raw.isascii():
        return _in_seven_bits(raw, labels)
    text = _strict(raw, "utf-8")
    if text is not None and (len(raw) - len(text) >= PROVEN or "utf-8" in labels):
        return Detected("utf-8", 1.0, _because("valid UTF-8", "utf-8", labels), text=text)
    if text is None:
        found = _well_read(raw, labels) or _nearly_utf8(raw, labels) or _nearly_seven_bits(raw, labels)
        if found:
            return found
    return _weighed(raw, labels, is_utf8=text is not None)


def _because(evidence: str, codec: str, labels: Mapping[str, str]) -> str:
    """The evidence, with what was declared."""
    if codec in labels:
        return f"declared as {labels[codec]}; {evidence}"
    return f"{evidence}, though declared as {', '.join(labels.values())}" if labels else evidence


def _in_seven_bits(raw: bytes, labels: Mapping[str, str]) -> Detected:
    """ASCII, unless escape sequences or NULs say otherwise, or Chinese in UTF-16 has no byte above 0x7F."""
    text = _strict(raw, "hz") if b"~{" in raw else None
    glance = (text or "")[:_GLANCE]
    escaped = "hz" if reads_well(glance, count_beyond(glance)) else escaped_codec(raw)
    if escaped:
        because = _because("its escape sequences", escaped, labels)
        return Detected(escaped, 1.0, because, text=text if escaped == "hz" else None)
    found, head = _wide(raw)
    wide = [*found, *(codec for codec in labels if codec in _DOUBLE)]
    if len(raw) < _TWO_CHARACTERS or (b"\0" not in head and any(codec not in _DOUBLE for codec in labels)):
        wide = []
    if wide:
        favours = dict.fromkeys(labels, DECLARED) | {"utf-8": 0.0 if b"\0" in head else _MORE_THAN_ASCII}
        sample = [head]
        best, *others = rivals(sample, rank_charsets(sample, ["utf-8", *wide], favours))
        if best.charset != "utf-8":
            evidence = _because(f"the likeliest of {len(others) + 1} readings", best.charset, labels)
            return Detected(*best, evidence, others[0])
    return Detected("utf-8", 1.0, "ASCII", text=raw.decode("ascii"))


def _nearly_utf8(raw: bytes, labels: Mapping[str, str]) -> Detected | None:
    """UTF-8 but for a few bad bytes, a last character that was cut off, or forms that are not allowed."""
    if _bad_share(raw[:_HEAD], "utf-8") > 2 * _BAD_PER_SEQUENCE:
        return None
    text, losses = decode(raw, "utf-8")
    bad, inside = sum(len(loss.raw) for loss in losses), len(raw) - len(text)
    if inside < PROVEN or bad > _BAD_PER_SEQUENCE * inside / 2:
        return None
    but = "some bad bytes" if losses else f"forms it does not allow ({', '.join(forms(raw))})"
    return Detected("utf-8", 1.0, _because(f"UTF-8 but for {but}", "utf-8", labels), text=None if losses else text)


def _nearly_seven_bits(raw: bytes, labels: Mapping[str, str]) -> Detected | None:
    """Escape sequences, in bytes of which a few are bad."""
    if b"~{" not in raw and b"\x1b$" not in raw:
        return None
    put_in = raw.translate(None, _BEYOND)
    if len(raw) - len(put_in) > max(1, _BAD_SHARE * len(raw)):
        return None
    escaped = escaped_codec(put_in) or escaped_codec(raw.translate(_OVERWRITTEN))
    return Detected(escaped, 1.0, _because("its escape sequences", escaped, labels)) if escaped else None


def _well_read(raw: bytes, labels: Mapping[str, str]) -> Detected | None:
    """UTF-16, GBK or Big5 that is made of usual characters and has next to no bad bytes."""
    for codec in (
        *_wide_by_form(raw),
        *(sorted(_CHINESE, key=lambda codec: codec not in labels) if labels else _CHINESE),
    ):
        strict = _strict(raw, codec)
        if strict is None and _bad_share(raw[:_HEAD], codec) > _BAD_SHARE:
            continue
        text = raw.decode(codec, "replace") if strict is None else strict
        beyond = len(raw) - len(text)
        if reads_well(text, beyond) and (strict is not None or text.count("\ufffd") <= _BAD_SHARE * beyond):
            evidence = _because("usual Chinese characters throughout", codec, labels)
            # Ours reads more of Big5 than Python's, and some of it otherwise.
            return Detected(codec, 1.0, evidence, text=None if codec == "big5hkscs" else strict)
    return None


def _bad_share(head: bytes, codec: str) -> float:
    text = head.decode(codec, "replace")
    return (text.count("\ufffd") - 1) / max(1, len(head) - len(text))  # one that the head cut off


def _weighed(raw: bytes, labels: Mapping[str, str], is_utf8: bool) -> Detected:
    """What the noisy channel says."""
    wide, head = _wide(raw)
    has_utf8 = is_utf8 or UTF8_WITHIN.search(raw) is not None
    codecs = [*(["utf-8"] if has_utf8 else []), *labels, *_CHINESE, *wide]
    sample = [head] if wide else [*_sample(raw)]
    legal = [codec for codec in labels if _strict(raw, codec) is not None]
    favours = {codec: DECLARED_AND_LEGAL if codec in legal else DECLARED for codec in labels}
    if legal:  # what cannot read every byte is not clearly better than what can and is declared
        codecs = [codec for codec in codecs if codec in labels or _strict(raw, codec) is not None]
    found = rank_charsets(sample, codecs, favours)
    mixed, gain = (found[0].codec, 0.0) if wide else blend(fields(b"\n".join(sample)), found[0].codec)
    blended = Weighed(mixed, found[0].score + gain) if gain > 0 else None
    if not _is_plausible(sample, found[0]):
        named, voice = neighbours(raw)
        found = rank_charsets(
            sample, [*codecs, *(name for name in named if reads_at_all(sample, name))], {**voice, **favours}
        )
    if blended and blended.score > found[0].score:
        return Detected(*rivals(sample, [blended, *found])[0], "the likeliest is that several charsets are mixed")
    first, *others = rivals(sample, found)
    if is_utf8 and first.confidence <= AS_GOOD_AS_NONE:
        return Detected("utf-8", 1.0, _because("valid UTF-8, and nothing else reads well", "utf-8", labels), first)
    how = "likeliest" if first.confidence > AS_GOOD_AS_NONE else "least unlikely"
    valid = "valid UTF-8, and " if is_utf8 and first.charset == "utf-8" else ""
    evidence = _because(f"{valid}the {how} of {len(found)} readings", first.charset, labels)
    return Detected(*first, evidence, others[0] if others else None)


def _is_plausible(sample: Iterable[bytes], best: Weighed) -> bool:
    """Whether a sample reads as Chinese where it reads best."""
    text = "".join(raw.decode(best.codec, "ignore") for raw in sample)
    cost = best.score - sum(text_score(of_ascii(raw, best.codec)) for raw in sample)
    return cost >= _PLAUSIBLE * count_beyond(text) and not _KANA.search(text)


def _sample(raw: bytes) -> Iterator[bytes]:
    """All of a short document; of a longer one, stretches with bytes beyond ASCII from several places."""
    if len(raw) <= _SHORT:
        yield raw
        return
    at = 0
    for place in range(_PLACES):
        at, left = max(at, _safe(raw, len(raw) * place // _PLACES)), _STRETCH
        for match in _STRETCHES.finditer(raw, at):
            stretch = match.group()[:left]
            yield stretch
            at, left = match.end(), left - len(stretch)
            if left <= 1:
                break


def _safe(raw: bytes, at: int) -> int:
    """The first place from ``at`` on where a character begins in any charset that keeps ASCII."""
    found = _BREAK.search(raw, at) if at else None
    return found.end() if found else at


_BREAK: Final = re.compile(rb"[\x00-\x2f\x3a-\x3f]")


def _wide_by_form(raw: bytes) -> list[str]:
    """UTF-16 if one half of each pair has next to nothing but the first bytes of Chinese, and the other has not."""
    halves = raw[1:_SHORT:2], raw[:_SHORT:2]
    if len(raw) < _SHORT or not any(raw[2:_SHORT:4]) or not any(raw[:_SHORT:4]):  # short, or UTF-32
        return []
    shares = [1 - len(half.translate(None, _FIRST_OF_CHINESE)) / len(half) for half in halves]
    return [codec for codec, one, other in zip(_WIDE, shares, shares[::-1], strict=True) if one >= _MOSTLY > other]


def _wide(raw: bytes) -> tuple[list[str], bytes]:
    """UTF-16 and UTF-32 as far as they come into question, and the bytes by which: a byte too many puts all that
    follows out of step, so that the end counts like the beginning."""
    head, tail = raw[:_SHORT], raw[-min(_SHORT, len(raw) // 4 * 4) :]
    for sample in (head, tail):
        found = [codec for codec in _WIDE if _is_usual(sample, codec)]
        if b"\0" in sample and not len(raw) % 4:
            found += [codec for codec in _WIDEST if _is_usual(sample, codec)]
        if found:
            return found, sample
    return [], head


def _is_usual(head: bytes, codec: str) -> bool:
    text = head[: len(head) // 4 * 4 or 2].decode(codec, "replace")
    return bool(text) and len(usual_or_ascii().findall(text)) >= _USUAL_IN_UTF16 * len(text)


def _strict(raw: bytes, codec: str) -> str | None:
    """The text, or ``None`` if a byte does not decode."""
    try:
        return raw.decode(codec)
    except (UnicodeDecodeError, LookupError):  # two of ours Python does not have
        return None
