"""Stray and overwritten bytes: a charset of pairs read again where they put what follows out of step.

In a charset of byte pairs a byte too many, or half a pair, makes its lead byte of the next one's lead byte, and so on:
everything up to the next byte that is no trail byte reads as other characters, most of them legal. The decoder follows
every way to read such a range, each byte being part of a character or stray. It finds a better reading of nearly
anything, also of what a site spoilt before the bytes were written, so this file also decides when it is asked and when
it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final, NamedTuple

from jiaokan.charset.common_characters import (
    before_lone_ascii,
    before_rest_of_word,
    beside_latin,
    rare_together,
    suspicious,
    unusual_share,
)
from jiaokan.charset.decoding import decode, escaping
from jiaokan.charset.losses import Loss, collect_losses, escape_bytes
from jiaokan.charset.utf16 import UTF16, drop_extra_byte
from jiaokan.charset.weighing import ALONE, BAD_BYTE, HAN_IN_A_WORD, OF_CHINESE, OTHER_LETTER, PRIVATE, written
from jiaokan.decoder import Decoder, Policy
from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.model import START, Context
from jiaokan.lexicon.trigrams import NO_HISTORY
from jiaokan.memo import remember

# UTF-8 finds its own way back: this many bytes before and behind a loss are enough to choose by.
_UTF8_AROUND: Final = 36

# A stretch: what lies between two bytes that are neither lead nor trail byte. Four-byte forms of GB 18030 have digits.
_STRETCH: Final = re.compile(rb"(?:[\x40-\xff]|(?<=[\x80-\xff])[0-9])++")
# The sequences of UTF-8 by their form; what is left between them holds the strays.
_SEQUENCES: Final = re.compile(
    rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})++"
)
# What gives strays away: a lost byte, or one letter or sign by itself behind a character (a trail byte that was left
# over), a private-use character, a character that may have swallowed a letter of the word beside it, or two rare ones
# side by side.
_SUSPECT: Final = re.compile("[\udc00-\udcff\ue000-\uf8ff]|(?<=[^\x00-\x7f])[@-~€](?![A-Za-z])")
_BESIDE_LATIN: Final = re.compile("[^\x00-\x7f](?=[A-Za-z])|(?<=[A-Za-z])[^\x00-\x7f]")


def suspect(text: str, codec: str) -> bool:
    """Whether a text, lost bytes escaped, looks as if a stray byte had shifted a part of it."""
    if _SUSPECT.search(text):
        return True
    if codec == "utf-8":
        return False
    return rare_together(text) or any(
        len(raw := m.group().encode(codec, "ignore")) == 2 and raw[1] < 0x80 for m in _BESIDE_LATIN.finditer(text)
    )


def find_suspect_ranges(raw: bytes, codec: str) -> Iterator[tuple[int, int]]:
    """Where the bytes are that have to be read again."""
    if codec == "utf-8":
        yield from _around_strays(raw)
        return
    for match in _STRETCH.finditer(raw):
        stretch = match.group()
        behind = raw[match.end() : match.end() + 1].decode("latin-1")
        if not stretch.isascii() and suspect(escaping(stretch, codec) + behind, codec):
            yield match.span()


def _around_strays(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where the bytes of UTF-8 have no form, with some characters before and behind."""
    bounds = [0, *(end for match in _SEQUENCES.finditer(raw) for end in match.span()), len(raw)]
    found: tuple[int, int] | None = None
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        if start == end:
            continue
        first, last = max(0, start - _UTF8_AROUND), min(len(raw), end + _UTF8_AROUND)
        while first and raw[first] & 0xC0 == 0x80:
            first -= 1
        while last < len(raw) and raw[last] & 0xC0 == 0x80:
            last += 1
        if found and first <= found[1]:
            found = found[0], last
            continue
        if found:
            yield found
        found = first, last
    if found:
        yield found


# log10 of the probability that a byte is stray, in a stretch that does not read well. Of 200 documents with one random
# byte put in, -5 and -6 set 183 to 185 right, -8 181; -5 took 19 bytes 0xFF between two pairs for a half of one.
STRAY: Final = -6.0
# The same of two bytes that have the form of a pair and no character: a character that the table lacks.
NO_CHARACTER: Final = -9.0
# What a byte of no meaning costs that stands in the place of one half of a pair: both are lost, by one accident.
# At the price of one stray, 3 of 100 bytes 0xFF that were put into Big5 took a character with them; at this, none did.
OVERWRITTEN: Final = STRAY - 2.0
# One more accident in the same stretch, beyond its own price: a rare name costs more than two strays. This sets two
# right of 6,000 documents with one bad byte, and none wrong.
AGAIN: Final = -2.0
# A byte alone is a stray one, or what is left of a character; the words before it are known in the first case only.
HALF: Final = -0.5
# Readings of the bytes so far that are worse than the best by this are not followed; nor is the second up to the same
# byte if it is worse by that. It is needed because half a word can be dearer than another character that ends there.
# With 16 and 25 for the first the same 1,200 dirty documents come out alike.
BEAM: Final = 12.0
CLOSE: Final = 3.0
# What of a document is read again, at most: bytes.
MOST_BYTES: Final = 65_536
# A stretch is read with so many characters before and behind it.
BESIDE: Final = 8
_FOUR: Final = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
# The same with one byte overwritten: one of those above is FF or 80, or one of the digits is above.
_FOUR_OVERWRITTEN: Final = re.compile(
    rb"[\x80\xff][0-9][\x81-\xfe][0-9]|[\x81-\xfe](?:[\x80-\xff][\x81-\xfe][0-9]|[0-9][\x80\xff][0-9]|[0-9][\x81-\xfe][\x80-\xff])"
)
# The same of a pair; a letter with which a word goes on is no half of one.
_HALF_OVERWRITTEN: Final = re.compile(rb"[\x80-\xff](?:[\x80-\xff]|(?![A-Za-z]{2})[\x40-\x7e])|[\x40-\x7e][\x80-\xff]")
# Fullwidth forms cost what narrow ones do, and the circle what the character does that it is written for: 二○○三年.
_NARROW: Final[dict[int, int | str]] = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, ord("○"): "〇"}
_PAIRS_OF: Final = {
    "gb18030": (range(0x81, 0xFF), (*range(0x40, 0x7F), *range(0x80, 0xFF))),
    "big5hkscs": (range(0x81, 0xFF), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    "cp949": (range(0x81, 0xFF), (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0x81, 0xFF))),
    "cp932": ((*range(0x81, 0xA0), *range(0xE0, 0xFD)), (*range(0x40, 0x7F), *range(0x80, 0xFD))),
}
_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")
_IN_A_WORD: Final = re.compile(rb"(?<=[A-Za-z])[\x80-\xff][A-Za-z](?![\x80-\xff])")
_BEGINS_A_WORD: Final = re.compile(rb"(?<![\x80-\xff])[\x80-\xff][A-Za-z][a-z]")
_NOT_ASSIGNED: Final = "\U00034000"  # from here on, in Unicode 16, but for tags and private use
# What stands for no character: a lost byte, and what Python's cp932 reads for 80, A0, FD, FE and FF.
_LOST: Final = re.compile("[\udc00-\udcff\x80-\xa0\uf8f0-\uf8f3]")
# Bytes of a Han character in UTF-8: so many of them one accident can spoil.
_HAN_IN_UTF8: Final = 3
_UTF8_SIZES: Final = {**dict.fromkeys(range(0xC2, 0xE0), 2), **dict.fromkeys(range(0xE0, 0xF0), 3), 0xF0: 4}


Belief = Callable[[str, str, str, str], bool]


class Step(NamedTuple):
    """One way to read the bytes at a place: as ``text``, up to ``end``, at a price, with lost bytes behind it."""

    end: int
    text: str
    lost: bytes = b""
    price: float = 0.0


class Reading(NamedTuple):
    """A reading of a stretch up to a byte.

    Attributes:
        at: the byte.
        score: log10 of its probability.
        paid: what of the score is the price of accidents.
        context: what the language model knows of the text so far.
        text: what its last step read.
        before: the reading that the step went on from.
    """

    at: int
    score: float
    paid: float
    context: Context
    text: str = ""
    before: Reading | None = None


def decode_skipping_bad_bytes(
    raw: bytes, codec: str, believed: Belief = lambda *_: True
) -> tuple[str, tuple[Loss, ...]]:
    r"""The text of bytes with as few as possible spoilt by stray ones; otherwise as ``decode``.

    Args:
        raw: any bytes.
        codec: any that ``decode`` takes; in ``utf-8``, ``gb18030``, ``big5hkscs``, ``cp949`` and ``cp932`` strays are
            looked for, which costs about 4 µs for each byte of the stretches that look odd.
        believed: whether a stretch is read as the search has it, by the characters before it, what it reads as
            otherwise and by the search, lost bytes escaped, and the ASCII behind it.

    >>> raw = "我们今天去北京，他们明天去上海".encode("gb18030")
    >>> decode_skipping_bad_bytes(raw[:4] + b"\xff" + raw[5:], "gb18030")[0]
    '我们\ufffd\ufffd天去北京，他们明天去上海'
    """
    if codec not in _PAIRS_OF and codec != "utf-8":
        return decode(raw, codec)
    text = escaping(raw, codec)
    if not suspect(text, codec):
        return collect_losses(text)
    read = ""
    done, left = 0, MOST_BYTES
    for start, end in find_suspect_ranges(raw, codec):
        if end - start > left:
            continue
        left -= end - start
        read += escaping(raw[done:start], codec)
        before, behind = read[-BESIDE:], _ascii(raw[end : end + BESIDE])
        plain, other = escaping(raw[start:end], codec), _likeliest(raw[start:end], codec, before, behind)
        read += other if other != plain and believed(before, plain, other, behind) else plain
        done = end
    return collect_losses(read + escaping(raw[done:], codec))


def _ascii(raw: bytes) -> str:
    """The ASCII that bytes begin with."""
    return raw.decode("ascii", "replace").partition("\ufffd")[0]


def _likeliest(stretch: bytes, codec: str, before: str, behind: str) -> str:
    """The most plausible way to read a stretch between other text, lost bytes escaped."""
    steps = _utf8_steps if codec == "utf-8" else partial(_pair_steps, codec=codec)
    search, start = Decoder(_POLICY), START.extend(before)
    search.add(Reading(0, start.score, 0.0, start))
    known: list[list[Step]] = [[] for _ in stretch]

    def moves(state: Reading) -> Iterator[Reading]:
        if not known[state.at]:
            known[state.at] = [*steps(stretch, state.at)]
        return (_after(state, step) for step in known[state.at])

    for at, states in search.places():
        if at == len(stretch):
            break
        search.expand(at, states, moves)
    best = max(states, key=lambda state: state.context.extend(behind).score + state.paid)
    return "".join(reversed([*_pieces(best)]))


def _after(state: Reading, step: Step) -> Reading:
    """A reading, taken one step further."""
    context = state.context.extend(step.text.translate(_NARROW)) if step.text else state.context
    if len(step.lost) > 1:
        context = context.after_unknown(0.0)
    elif step.lost and not step.text:
        context = context._replace(paths=(context.paths[0], (NO_HISTORY, context.score + HALF)))
    paid = state.paid + step.price + (AGAIN if step.lost and state.paid <= STRAY else 0.0)
    return Reading(step.end, context.score + paid, paid, context, step.text + escape_bytes(step.lost), state)


# Half a word can be dearer than another character that ends there, so that those ahead allow for more.
_POLICY: Final = Policy[Reading](width=2, behind=CLOSE, behind_ahead=BEAM)


def _pieces(state: Reading | None) -> Iterator[str]:
    """The texts of the steps that led to a state, from the last to the first."""
    while state:
        yield state.text
        state = state.before


def _pair_steps(raw: bytes, at: int, *, codec: str) -> Iterator[Step]:
    """Every way to go on in a codec of pairs."""
    known = _characters(codec)
    byte = raw[at : at + 1]
    pair = raw[at : at + 2]
    char = known.get(byte)
    if char:
        yield Step(at + 1, char)
        if byte.isascii():
            return
    yield Step(at + 1, "", byte, STRAY)
    char = known.get(pair) if len(pair) == 2 else None
    if char:
        yield Step(at + 2, char, price=_price(raw, at, char, codec))
    elif len(pair) == 2 and _has_form(pair, codec):
        yield Step(at + 2, "", pair, NO_CHARACTER)
    elif _HALF_OVERWRITTEN.match(raw, at):
        yield Step(at + 2, "", pair, OVERWRITTEN)
    around = known.get(byte + raw[at + 2 : at + 3]) if at + 2 < len(raw) else None
    if around and pair[1] >= 0x80:
        yield Step(at + 3, around, pair[1:], STRAY)
    if codec == "gb18030" and (raw[at + 1 : at + 2].isdigit() or raw[at + 2 : at + 3].isdigit()):
        yield from _four_byte_steps(raw, at)


def _price(raw: bytes, at: int, char: str, codec: str) -> float:
    """What a character costs beyond what the language model says."""
    if _PRIVATE_USE.match(char):
        return PRIVATE
    if codec in OF_CHINESE and OTHER_LETTER.match(char):
        lead = raw[at : at + 1]  # which others of its kind have too
        return ALONE if raw[at - 2 : at - 1] != lead != raw[at + 2 : at + 3] else 0.0
    if _IN_A_WORD.match(raw, at) or (_BEGINS_A_WORD.match(raw, at) and unusual_share(char)):
        return HAN_IN_A_WORD if is_han(char) else 0.0
    return 0.0


def _four_byte_steps(raw: bytes, at: int) -> Iterator[Step]:
    """The same where a form of four bytes may stand, whole or spoilt."""
    four = raw[at : at + 4]
    char = _one_of_four(four)
    if char:
        yield Step(at + 4, char)
    elif _FOUR_OVERWRITTEN.fullmatch(four):
        yield Step(at + 4, "", four, OVERWRITTEN + NO_CHARACTER)
    for cut in range(at + 1, min(at + 4, len(raw) - 1)):
        around = _one_of_four(raw[at:cut] + raw[cut + 1 : at + 5])
        if around and raw[cut] >= 0x80:
            yield Step(at + 5, around, raw[cut : cut + 1], STRAY)


def _one_of_four(raw: bytes) -> str:
    """The character of a form of four bytes, or nothing; most of these forms have none that is assigned."""
    char = escaping(raw, "gb18030") if _FOUR.fullmatch(raw) else ""
    return char if len(char) == 1 and char < _NOT_ASSIGNED and not _PRIVATE_USE.match(char) else ""


def _utf8_steps(raw: bytes, at: int) -> Iterator[Step]:
    """Every way to go on in UTF-8."""
    size = _UTF8_SIZES.get(raw[at], 1)
    whole = _one(raw[at : at + size])
    if whole and at + size <= len(raw):
        yield Step(at + size, whole)
    yield Step(at + 1, "", raw[at : at + 1], STRAY)
    for end in range(at + 2, min(at + _HAN_IN_UTF8, len(raw)) + 1):
        piece = raw[at:end]
        if raw[at] >= 0x80 and _LOST.search(escaping(piece, "utf-8")):
            yield Step(end, "", piece, OVERWRITTEN)
    for cut in range(at + 1, at + size):
        around = _one(raw[at:cut] + raw[cut + 1 : at + size + 1])
        if around and at + size < len(raw):
            yield Step(at + size + 1, around, raw[cut : cut + 1], STRAY)


def _one(raw: bytes) -> str:
    """The one character that the bytes are in UTF-8, or nothing."""
    text = escaping(raw, "utf-8")
    return text if len(text) == 1 and not "\udc00" <= text <= "\udcff" else ""


def _has_form(pair: bytes, codec: str) -> bool:
    leads, trails = _PAIRS_OF[codec]
    return pair[0] in leads and pair[1] in trails and pair[1] >= 0x80


@cache
def _characters(codec: str) -> dict[bytes, str]:
    """What one byte or two are in a codec of pairs."""
    leads, trails = _PAIRS_OF[codec]
    singles = [bytes((byte,)) for byte in range(256)]
    pairs = [bytes((lead, trail)) for lead in leads for trail in trails]
    read = {raw: escaping(raw, codec) for raw in (*singles, *pairs)}
    return {raw: text for raw, text in read.items() if not _LOST.search(text) and (len(text) == 1 or len(raw) == 2)}


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
