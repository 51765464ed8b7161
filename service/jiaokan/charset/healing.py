"""When the search for stray bytes is asked, and when it is believed.

It finds a better reading of nearly anything, also of what a site spoilt before the bytes were written: a page that was
cut open by a replacement, which the faults repair, needs its bytes read as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.charset.channel import BAD_BYTE, HAN_IN_A_WORD, written
from jiaokan.charset.losses import Loss, collect_losses
from jiaokan.charset.steps import UTF16, drop_extra_byte
from jiaokan.charset.strays import decode_skipping_bad_bytes
from jiaokan.charset.usual import before_lone_ascii, before_rest_of_word, beside_latin, suspicious
from jiaokan.memo import remember

# In these a byte too many shifts what follows; UTF-8 finds its own way back.
_SHIFTING: Final = ("gb18030", "big5hkscs", "cp949", "cp932")
# A page that was cut open: a reading before a parenthesis, or a lost byte or what stands for one before an opening one
# or a control character; and where no byte was lost here, question marks that stand for lost bytes.
_CUT_OPEN: Final = re.compile(
    "[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,3}[)）]|[?\ufffd][(（]?[a-zü]{1,6}[)）]|[\ufffd?][\x05-\x08]"
)
_LOST_BEFORE: Final = re.compile("[^\x00-\x7f][?\ufffd\udc00-\udcff]+$|[\x05-\x08]")
# A letter by itself behind characters may be a trail byte that was left over; a private-use character is none of text.
_LONE: Final = re.compile("[@-}](?<=[^\x00-\x7f]{2}.)(?![0-9A-Za-z ])")
_PRIVATE_USE_CHARACTER: Final = re.compile("[\ue000-\uf8ff]")
# What a character costs in a place that is looked at again: sound text costs 1.3 to 3.5, with rare names up to 5.
_ODD: Final = -4.2
# So many characters beside what is odd belong to the place.
_BESIDE: Final = 3
# How much likelier the other reading must be where bytes were lost anyway, and where none was: log10. At the latter, of
# 20,000 clean documents of 200 characters in eight charsets one is read otherwise, in which the bench had put € for the
# X of XP. The highest gain that was seen where a writer had put ~ behind a rare name was 1.9.
_LOSSY: Final = 0.0
_LEGAL: Final = 2.0
# Characters on either side by which two readings are compared.
_AROUND: Final = 4
# The same where a word is compared with what may be the rest of it; and how much likelier it must be to be looked at.
_WORD: Final = 12
_WHOLE_WORD: Final = BAD_BYTE / 2
# What a letter or sign by itself costs that can be a trail byte, behind an unusual character, or where bytes were lost
# behind any that is not ASCII; and an unusual character where a Latin word begins. Estimates: the right reading of such
# places gains 0.8 to 2.9 without them (坏禶~獲得, 噱漯k正行, 硂op), wrong ones 1.9 at most.
_LEFT_OVER: Final = -2.0
_SWALLOWED: Final = HAN_IN_A_WORD
_LONE_WHERE_LOST: Final = re.compile("(?<=[^\x00-\x7f])[@-~](?![A-Za-z ])")


def repair_bad_bytes(raw: bytes, codec: str, text: str, losses: tuple[Loss, ...]) -> tuple[str, tuple[Loss, ...]]:
    r"""What bytes read as if some of them are stray, where that is clearly likelier than as they are.

    ``text`` and ``losses`` are what they read as otherwise.

    >>> from jiaokan.charset.decoding import decode
    >>> raw = "我们今天去北京，他们明天去上海".encode("gb18030")
    >>> raw = raw[:4] + b"\xff" + raw[5:]
    >>> repair_bad_bytes(raw, "gb18030", *decode(raw, "gb18030"))[0]
    '我们\ufffd\ufffd天去北京，他们明天去上海'
    """
    if codec in UTF16:
        return drop_extra_byte(raw, codec, text, losses)
    if codec not in _SHIFTING or not _may_be_shifted(text, codec, losses):
        return text, losses
    return decode_skipping_bad_bytes(raw, codec, _is_clearly_likelier)


def _may_be_shifted(text: str, codec: str, losses: tuple[Loss, ...]) -> bool:
    if losses:
        return not _CUT_OPEN.search(text)
    odd = (
        before_lone_ascii(text)
        or any(map(_is_odd, _places(text)))
        or any(_has_swallowed(text, at, codec) for at in beside_latin(text))
    )
    return bool(odd) and not _CUT_OPEN.search(text)


def _is_clearly_likelier(before: str, plain: str, other: str, behind: str) -> bool:
    """Whether a stretch is likelier in the other of two ways than as it is, lost bytes escaped in both."""
    text, losses = collect_losses(plain)
    if not losses and _LOST_BEFORE.search(before):
        return False
    read, lost = collect_losses(other)
    gain = _gain(before + text + behind, losses, before + read + behind, lost)
    return gain > (_LOSSY if losses else _LEGAL)


def _has_swallowed(text: str, at: int, codec: str) -> bool:
    """Whether the trail byte of a character is likelier to be a letter of the word beside it."""
    before, behind = text[max(0, at - _WORD) : at], text[at + 1 : at + 1 + _WORD]
    letter = text[at].encode(codec, "ignore")[-1:].decode("ascii", "ignore")
    return letter != "" and written(before + letter + behind) + _WHOLE_WORD > written(before + text[at] + behind)


def _places(text: str) -> Iterator[str]:
    """Where a text without a loss would show that some of it is out of step."""
    yield from (text[max(0, start - _BESIDE) : end + _BESIDE] for start, end in suspicious(text))
    yield from (text[max(0, at.start() - _BESIDE) : at.start()] for at in _LONE.finditer(text))
    yield from (text[max(0, at.start() - _BESIDE) : at.end() + _BESIDE] for at in _PRIVATE_USE_CHARACTER.finditer(text))


@remember(most=1 << 12, longest=64)
def _is_odd(place: str) -> bool:
    return written(place) < _ODD * len(place)


def _gain(text: str, losses: tuple[Loss, ...], other: str, lost: tuple[Loss, ...]) -> float:
    """log10 of how much likelier the other reading is, by what is not the same in both; where no byte was lost, next to
    nothing if that does not read as language either."""
    if other == text:
        return 0.0
    start = _common(text, other)
    behind = _common(text[:start:-1], other[:start:-1])
    start, behind = max(0, start - _AROUND), max(0, behind - _AROUND)
    before, after = (t[start : len(t) - behind].replace("\ufffd", "") for t in (text, other))
    if not losses and _is_odd(after):
        return 0.0
    gain = _written(after, bool(losses)) - _written(before, bool(losses))
    return gain + BAD_BYTE * (_accidents(lost) - _accidents(losses))


def _written(text: str, is_lossy: bool) -> float:
    """log10 of the probability of a text, and of what is seen of half a character in it."""
    left_over = len(_LONE_WHERE_LOST.findall(text)) if is_lossy else before_lone_ascii(text)
    return written(text) + _LEFT_OVER * left_over + _SWALLOWED * before_rest_of_word(text)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _accidents(losses: tuple[Loss, ...]) -> int:
    """How many bytes went wrong: two that are lost side by side are one character, which one bad byte has spoilt."""
    return sum((len(loss.raw) + 1) // 2 for loss in losses)
