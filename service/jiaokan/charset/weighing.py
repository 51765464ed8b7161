"""In which charset bytes most probably were written: the noisy channel, for Chinese and for the neighbours of a crawl.

The probability of bytes in a charset is that of the text they read as, of how often the charset is met, and of each
byte that went wrong on the way. Texts of different length are compared as they are: all are the same bytes. One more
hypothesis is that the bytes are no text at all; without it the least improbable nonsense would be certain. The charsets
of the neighbours (Japanese, Korean, Cyrillic, Latin) are asked only where the bytes read as no Chinese, with chardet as
one voice.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from math import log10, sqrt
from typing import Final, NamedTuple

from jiaokan.charset.decoding import decode
from jiaokan.charset.losses import Loss
from jiaokan.lexicon.hanzi import HAN_CLASS, KANA_CLASS
from jiaokan.lexicon.writing import text_score
from jiaokan.memo import remember

# log10 of how often a document that is not proven to be in some charset is in this one, beside UTF-8. What a Chinese
# crawl meets, in steps of two to ten by estimate: GBK before Big5, the neighbours less often, and UTF-16 without a mark
# on next to no page; it comes out of databases and Windows programs.
PRIORS: Final[Mapping[str, float]] = {
    "utf-8": 0.0,
    "gb18030": -1.0,
    "big5hkscs": -1.3,
    "cp932": -2.0,
    "euc_jp": -2.0,
    "cp949": -2.0,
    "utf-16-le": -2.5,
    "utf-16-be": -2.7,
    "utf-32-le": -3.0,
    "utf-32-be": -3.2,
    "euc_tw": -3.0,
    "koi8-r": -2.5,
    "cp1251": -2.3,
    "cp1252": -2.0,
}
_SELDOM: Final = -3.0  # all others
# One byte in ten thousand went wrong, and any of 256 may stand in its place.
BAD_BYTE: Final = log10(1e-4 / 256)
# A label on a page is right in about 99 of 100 cases; and one that is wrong mostly meets a byte that it cannot read.
DECLARED: Final = 2.0
DECLARED_AND_LEGAL: Final = 4.0
# What is no text: one document in a thousand, and any byte as likely as any other.
_NO_TEXT: Final = -3.0
_ANY_BYTE: Final = -log10(256)

# The costs below are estimates of how often a thing is seen on pages; the tests and the bench hold what they decide.
# Charsets of Chinese hold kana too, but Japanese is not written in them: one document with kana in a thousand.
OF_CHINESE: Final = frozenset(("gb18030", "big5hkscs", "euc_tw", "hz", "iso2022_cn"))
_KANA: Final = re.compile(f"[{KANA_CLASS}]{{2}}")
_JAPANESE_IN_CHINESE: Final = -3.0
# One kana, Greek letter or letter of Bopomofo by itself among Han characters: common ones of Big5, read as GBK.
_OTHER_LETTERS: Final = f"{KANA_CLASS}Α-Ωα-ωㄅ-ㄩ"
_ALONE: Final = re.compile(f"(?:^|(?<=[{HAN_CLASS}]))[{_OTHER_LETTERS}](?=[{HAN_CLASS}]|$)")
OTHER_LETTER: Final = re.compile(f"[{_OTHER_LETTERS}]")
ALONE: Final = -2.0
# The model takes a private-use character for any other sign, which are one in ten thousand. Pages have one in a
# million, and wrong readings of GBK's user-defined rows many.
_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")
PRIVATE: Final = -2.0
# One Han character behind a letter and before what is no Han character is a letter of Latin-1 with the one behind it:
# "dr點ken" (drücken); and no word is Latin and Cyrillic: "WДhlen" (Wählen).
_INSIDE_A_WORD: Final = re.compile(f"(?<=[A-Za-z])(?:[{HAN_CLASS}](?=[\x00-\x7f]|$)|[\u0400-\u04ff])")
HAN_IN_A_WORD: Final = -3.0


class Rival(NamedTuple):
    """A charset that came into question, and how probable it is that the bytes are in it, from 0 to 1."""

    charset: str
    confidence: float


class Weighed(NamedTuple):
    """A charset in question and log10 of how probable it is that the bytes are in it and read as they do."""

    codec: str
    score: float


@remember(most=1 << 12, longest=1024)
def byte_score(raw: bytes, codec: str) -> float:
    """log10 of the probability of bytes that are in a charset.

    >>> raw = "问题".encode("gbk")
    >>> byte_score(raw, "gb18030") > byte_score(raw, "big5hkscs")
    True
    """
    text, losses = decode(raw, codec)
    bad = sum(len(loss.raw) for loss in losses)
    found = written(text.replace("\ufffd", "") if bad else text) + BAD_BYTE * bad
    if codec in OF_CHINESE and _KANA.search(text):
        found += _JAPANESE_IN_CHINESE
    if codec in OF_CHINESE:
        found += ALONE * len(_ALONE.findall(text))
    return found


def written(text: str) -> float:
    """log10 of the probability of a text, with what only bytes that are read amiss have in it.

    >>> text_score("Lib濨eOffice") - written("Lib濨eOffice")
    3.0
    """
    inside, private = _INSIDE_A_WORD.findall(text), _PRIVATE_USE.findall(text)
    return text_score(text) + HAN_IN_A_WORD * len(inside) + PRIVATE * len(private)


def rank_charsets(sample: Iterable[bytes], codecs: Iterable[str], favours: Mapping[str, float]) -> list[Weighed]:
    """The charsets in question for stretches of one document, the likeliest first.

    ``favours`` are log10 of how much likelier than by itself a charset is for what else is known.

    >>> rank_charsets(["問題".encode("big5")], ["gb18030", "big5hkscs"], {})[0].codec
    'big5hkscs'
    """
    stretches = list(sample)
    found = (
        Weighed(
            codec, sum(byte_score(raw, codec) for raw in stretches) + PRIORS.get(codec, _SELDOM) + favours.get(codec, 0)
        )
        for codec in dict.fromkeys(codecs)
    )
    return sorted(found, key=lambda weighed: -weighed.score)


def rivals(sample: Sequence[bytes], weighed: Iterable[Weighed]) -> list[Rival]:
    """The same as shares of probability, what is no text among them but not named.

    >>> sample = ["問題在哪".encode("big5")]
    >>> [best, other] = rivals(sample, rank_charsets(sample, ["big5hkscs", "gb18030"], {}))
    >>> best.charset, best.confidence > 0.99, other.confidence < 0.01
    ('big5hkscs', True, True)
    """
    found = list(weighed)
    plain = [of_ascii(raw, found[0].codec) for raw in sample]
    others = sum(map(len, sample)) - sum(map(len, plain))
    no_text = _NO_TEXT + _ANY_BYTE * others + sum(map(text_score, plain))
    top = max(no_text, *(each.score for each in found))
    shares = [10 ** (each.score - top) for each in found]
    total = sum(shares) + 10 ** (no_text - top)
    return [Rival(each.codec, share / total) for each, share in zip(found, shares, strict=True)]


def confidence_of(raw: bytes, codec: str, text: str, losses: tuple[Loss, ...]) -> float:
    """How probable it is, from 0 to 1, that bytes in a charset are this text and not no text at all."""
    bad = sum(len(loss.raw) for loss in losses)
    score = written(text.replace("\ufffd", "")) + BAD_BYTE * bad + PRIORS.get(codec, _SELDOM)
    return rivals([raw], [Weighed(codec, score)])[0].confidence


def of_ascii(raw: bytes, codec: str) -> str:
    """What is ASCII in bytes that are in a charset.

    >>> of_ascii("id: 問題".encode("big5"), "big5hkscs")
    'id: '
    """
    return decode(raw, codec)[0].encode("ascii", "ignore").decode("ascii")


# Our codecs under chardet's names. The first ones are always weighed; of the others, single-byte charsets that can
# read nearly any bytes, only the one that chardet names.
_ALWAYS: Final = {
    "cp932": "cp932",
    "euc_jis_2004": "euc_jp",
    "cp949": "cp949",
    "koi8-r": "koi8-r",
    "cp1251": "cp1251",
    "cp1252": "cp1252",
}
_IF_NAMED: Final = {name: name for name in ("cp1250", "cp1253", "cp1254", "cp1257", "cp1258")}
# What chardet's word adds at its highest confidence, log10, and how much of a document it is shown.
_VOICE: Final = 1.0
_SHOWN: Final = 2048

# What a text in a neighbour's charset costs at most, log10: once for its script; by the letter in the long run; and the
# more by the letter the shorter it is, as chance has it. Of 150 texts each of 2 to 40 characters in Japanese, Korean,
# Russian, French and German two in a hundred cost more; rare Chinese characters read as such cost more than that.
_FIRST: Final = -3.0
_A_LETTER: Final = -2.2
_BY_CHANCE: Final = -1.2
# The same for charsets of pairs, where a letter is one of thousands, and for Western ones, whose signs (»«) are priced
# like those of any language.
_A_PAIR: Final = -3.0
_PAIR_BY_CHANCE: Final = -3.0
_CYRILLIC: Final = ("koi8-r", "cp1251")


def neighbours(raw: bytes) -> tuple[list[str], dict[str, float]]:
    """The codecs to weigh beside the Chinese ones, and which of them chardet favours, by how much (log10).

    >>> neighbours("проверка связи".encode("koi8-r"))[1].keys()
    dict_keys(['koi8-r'])
    """
    import chardet  # it takes 90 ms, which Chinese documents do without

    known = _ALWAYS | _IF_NAMED
    found = chardet.detect(raw[:_SHOWN], include_encodings=known, no_match_encoding="cp1252", compat_names=False)
    codec = known.get(_canonical(found["encoding"] or ""))
    voice = {codec: _VOICE * found["confidence"]} if codec else {}
    return [*dict.fromkeys((*_ALWAYS.values(), *voice))], voice


def reads_at_all(sample: Sequence[bytes], codec: str) -> bool:
    """Whether a sample can be taken for a text in the charset, however much worse the others are.

    Classical Chinese with characters that the language model does not know costs more than any hangul.

    >>> reads_at_all(["데이터".encode("cp949")], "cp949"), reads_at_all(["君讳瓛，字伯珪".encode("gbk")], "cp949")
    (True, False)
    """
    letters = sum(len(raw.decode(codec, "replace")) for raw in sample)
    a_letter, by_chance = (_A_LETTER, _BY_CHANCE) if codec in _CYRILLIC else (_A_PAIR, _PAIR_BY_CHANCE)
    return sum(byte_score(raw, codec) for raw in sample) >= _FIRST * len(
        sample
    ) + a_letter * letters + by_chance * sqrt(letters)


def _canonical(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
