"""Documents in several charsets: lines and fields of UTF-8, GBK and Big5 in one file.

A line that reads well in the charset of the file is not looked at. The others are cut at bytes that are part of no
multi-byte character, and the likeliest sequence of charsets is found (Viterbi): a stretch costs what it costs in its
charset (``channel``), and each change of charset costs too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, repeat
from math import log10
from typing import Final, NamedTuple

from jiaokan.charset.common_characters import LEAST_CHARACTERS, MOST_UNUSUAL, has_common, is_suspicious, unusual_share
from jiaokan.charset.weighing import byte_score
from jiaokan.lexicon.hanzi import count_han

MIXED: Final = ("utf-8", "gb18030", "big5hkscs")
# log10 of how often a charset changes from one line to the next, and from one field to the next, in a file that is
# mixed; and of how often a file is. Of 3,960 sound files of short fields none is cut with these, and of 8,437 lines in
# three charsets none is misread.
_NEW_LINE: Final = -2.0
_NEW_FIELD: Final = -3.0
# In a mixed file as many fields change the charset as are seen to at first, but not more than so many. With this and
# what a line is weighed for, 3 of 1,800 files with a field of another charset are read amiss; without, 23.
_MOST_NEW_FIELDS: Final = 0.1
# A field of so many bytes is one character, and as likely a sign that stands by itself.
_ONE: Final = 2
_MIXED_FILE: Final = -5.0
# A file is taken for mixed by a stretch with so many Han characters in another charset.
_LEAST_HAN: Final = 2
# The share of unusual characters in a line from which the charset of the file is not its own: twice what is seen.
_ODD: Final = 2 * MOST_UNUSUAL
# So many bytes of a document are weighed, which takes about ten seconds for each megabyte; the rest is left in the
# charset of the file where it is not plain.
_MOST_WEIGHED: Final = 1 << 18
# A stretch is judged by so many bytes.
_JUDGED: Final = 96
# Two characters of UTF-8 side by side, which GBK and Big5 have by chance once in ten thousand characters.
UTF8_WITHIN: Final = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2}")
_TWO_IN_UTF8: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
# So many characters of another charset hold two of UTF-8.
_SHOWS_UTF8: Final = 4
_LINES: Final = re.compile(rb"[^\n]*\n|[^\n]+")
_FIELDS: Final = re.compile(rb"[^\x00-\x2f\x3a-\x3f]*[\x80-\xff][^\x00-\x2f\x3a-\x3f]*")


class Part(NamedTuple):
    """A stretch of bytes and the codec it is in."""

    codec: str
    raw: bytes


def parts(raw: bytes, codec: str, text: str, is_lossy: bool) -> list[Part]:
    r"""The document in the order of its bytes, cut where the charset changes; one part if it does not.

    ``codec`` is the charset of the document as a whole, ``text`` what it reads as in that.

    >>> raw = "统计结果\n".encode("gbk") + "测试文本\n".encode()
    >>> [part.codec for part in parts(raw, "gb18030", raw.decode("gb18030", "replace"), True)]
    ['gb18030', 'utf-8']
    """
    whole = [Part(codec, raw)]
    if codec not in MIXED or not (is_lossy or _is_doubtful(text, codec)):
        return whole
    found = _read(raw, codec)
    if len(found) > 1:
        found = _read(raw, codec, _how_often(found))
    return found or whole


def fields(raw: bytes) -> list[bytes]:
    """What stands between bytes that are part of no multi-byte character, as far as it is not ASCII.

    >>> [field.decode() for field in fields("id=7, 姓名:张三".encode())]
    ['姓名', '张三']
    """
    return _FIELDS.findall(raw)


def blend(stretches: Sequence[bytes], codec: str) -> tuple[str, float]:
    """The charset that most of some stretches are in if each is in its own, and what they gain over ``codec`` (log10).

    >>> codec, gain = blend(["统计".encode("gbk"), "结果".encode(), "测试文本".encode()], "gb18030")
    >>> codec, gain > 0
    ('utf-8', True)
    """
    names = [max(MIXED, key=lambda name: byte_score(raw, name)) for raw in stretches]
    if codec not in MIXED or not any(map(_is_chinese, stretches, names, repeat(codec))):
        return codec, 0.0
    sizes = dict.fromkeys(names, 0)
    gain = _MIXED_FILE + _NEW_FIELD * sum(one != other for one, other in pairwise(names))
    for raw, name in zip(stretches, names, strict=True):
        sizes[name] += len(raw)
        gain += byte_score(raw, name) - byte_score(raw, codec)
    return max(sizes, key=sizes.__getitem__), gain


def _is_doubtful(text: str, codec: str) -> bool:
    """Whether a text without a loss may have stretches that are in another charset."""
    if codec == "utf-8":
        return False  # it is strict, and so proven
    if is_suspicious(text):
        return True
    places = (text[match.start() : match.start() + _SHOWS_UTF8] for match in _begins_utf8(codec).finditer(text))
    return any(UTF8_WITHIN.match(place.encode(codec, "ignore")) for place in places)


@cache
def _begins_utf8(codec: str) -> re.Pattern[str]:
    """What the first two bytes of a character of UTF-8 read as in another charset. Searching text for these takes a
    tenth of the time of searching bytes, because all of them are rare."""
    pairs = (bytes((lead, trail)) for lead in (*range(0xE3, 0xEA), 0xEF) for trail in range(0x80, 0xC0))
    return re.compile(f"[{''.join(pair.decode(codec, 'ignore') for pair in pairs)}]")


def _how_often(found: Sequence[Part]) -> float:
    """log10 of how often the charset changes from one field of a line to the next, by a first reading."""
    within = sum(not part.raw.endswith(b"\n") for part in found[:-1])
    share = within / sum(len(fields(part.raw)) for part in found)
    return log10(min(_MOST_NEW_FIELDS, share)) if share else _NEW_FIELD


def _read(raw: bytes, codec: str, often: float | None = None) -> list[Part]:
    """The parts of a document, with neighbours in the same charset joined.

    ``often`` is log10 of how often a field has another charset than the one before it, in a file that is mixed.
    """
    pieces: list[Part] = []
    doubtful: list[bytes] = []
    left = _MOST_WEIGHED
    for line in _LINES.findall(raw):
        known = codec if line.isascii() or left < len(line) else _plainly(line, codec, often is not None)
        if known and (not line.isascii() or not doubtful):
            pieces += _divided(doubtful, codec, often)
            doubtful = []
            pieces.append(Part(known, line))
        else:
            left -= len(line)
            doubtful.append(line)
    pieces += _divided(doubtful, codec, often)
    return [*_joined(pieces)]


def _plainly(line: bytes, codec: str, is_mixed: bool) -> str | None:
    """The charset a line is in where that needs no weighing: that of the file if nothing is odd, or another one in
    which nothing is odd in a line of some length that has much that is odd in the first."""
    if _is_sound(line, codec, is_mixed):
        return codec
    for other in MIXED:
        if other == codec:
            continue
        try:
            text = line.decode(other)
        except UnicodeDecodeError:
            continue
        beyond = len(line) - len(text)
        if other == "utf-8" and beyond >= 2 * LEAST_CHARACTERS:
            return other
        if (
            beyond >= LEAST_CHARACTERS
            and not unusual_share(text)
            and unusual_share(line.decode(codec, "ignore")) > _ODD
        ):
            return other
    return None


def _is_sound(line: bytes, codec: str, is_mixed: bool) -> bool:
    """Whether a line can be left in the charset of the file. In a mixed one sequences of two bytes (却说: ȴ˵) are no
    proof of UTF-8, and usual characters of which none is common (勤趕遺: 对话框 in GBK) are none of their charset."""
    try:
        text = line.decode(codec)
    except UnicodeDecodeError:
        return False
    if codec == "utf-8":
        return not (is_mixed and _TWO_IN_UTF8.search(line))
    if is_suspicious(text) or UTF8_WITHIN.search(line):
        return False
    return not is_mixed or (not unusual_share(text) and all(has_common(each.decode(codec)) for each in fields(line)))


def _divided(lines: Sequence[bytes], codec: str, often: float | None) -> list[Part]:
    """Doubtful lines, each stretch in the charset of the likeliest sequence."""
    stretches = [*_stretches(lines, often or _NEW_FIELD)]
    scored = [(change, {name: byte_score(field[:_JUDGED], name) for name in MIXED}) for change, field, _ in stretches]
    names, gain = _likeliest(scored, codec)
    found = [field for _, field, _ in stretches]
    if often is None and (gain + _MIXED_FILE <= 0 or not any(map(_is_chinese, found, names, repeat(codec)))):
        names = [codec] * len(stretches)
    return [Part(name, rest) for name, (_, _, rest) in zip(names, stretches, strict=True)]


def _is_chinese(field: bytes, codec: str, codec_of_file: str) -> bool:
    """Whether a field in another charset than the file reads as Chinese there: rows of signs (①②③) prove nothing."""
    text = field.decode(codec, "replace")
    return codec != codec_of_file and count_han(text) >= _LEAST_HAN and unusual_share(text) <= MOST_UNUSUAL


def _stretches(lines: Sequence[bytes], often: float) -> Iterator[tuple[float, bytes, bytes]]:
    """Each field beyond ASCII: what it costs to change the charset before it, the field, and all from it to the next.

    What stands before the first one belongs to it.
    """
    before, last = b"", b""
    new_line = max(_NEW_LINE, often)
    change = new_line
    for line in lines:
        found = [*_FIELDS.finditer(line)]
        starts = [0, *(match.start() for match in found[1:]), len(line)]
        for number, match in enumerate(found):
            field = match.group()
            if number:
                change = often if len(field) > _ONE and len(last) > _ONE else _NEW_FIELD
            yield change, field, before + line[starts[number] : starts[number + 1]]
            before, last = b"", field
        if not found:
            before += line
        change = new_line
    if before:
        yield change, b"", before


def _likeliest(scored: Sequence[tuple[float, dict[str, float]]], codec: str) -> tuple[list[str], float]:
    """The likeliest sequence of charsets, which begins in that of the file, and its gain over that one throughout."""
    totals = {name: 0.0 if name == codec else _NEW_LINE for name in MIXED}
    ways: list[dict[str, str]] = []
    for change, prices in scored:
        way = {name: max(MIXED, key=lambda last: totals[last] + (0.0 if last == name else change)) for name in MIXED}
        totals = {name: totals[last] + (0.0 if last == name else change) + prices[name] for name, last in way.items()}
        ways.append(way)
    name = max(MIXED, key=lambda name: (totals[name], name == codec))
    gain = totals[name] - sum(prices[codec] for _, prices in scored)
    names = []
    for way in reversed(ways):
        names.append(name)
        name = way[name]
    return names[::-1], gain


def _joined(pieces: Sequence[Part]) -> Iterator[Part]:
    """The same parts, neighbours in one charset as one; ASCII goes with what stands before it."""
    name, gathered = "", list[bytes]()
    for codec, raw in pieces:
        if gathered and codec != name and not raw.isascii():
            yield Part(name, b"".join(gathered))
            gathered = []
        if not gathered or not raw.isascii():
            name = codec
        gathered.append(raw)
    if gathered:
        yield Part(name, b"".join(gathered))
