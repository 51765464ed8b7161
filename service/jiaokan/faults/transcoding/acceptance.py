"""When a hypothesis is believed: what it yields is language, and the text does not just speak of mojibake."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.transcoding.channels import Channel, Encoder
from jiaokan.lexicon.hanzi import HAN_CLASS, HANGUL_CLASS, KANA_CLASS, MARK_CLASS
from jiaokan.lexicon.prices import unigram_score
from jiaokan.lexicon.writing import text_score
from jiaokan.memo import remember

# log10 that a character of an undone stretch costs at most. In clauses of four to eight characters of news and reviews
# it costs 2.0 +- 0.5, in what a wrong channel gives 5.6, one time in ten less than 4.1 (measured): this keeps out the
# worst, the gain decides. The first costs more, and for much gain (log10) all may be rarer.
LEAST_LIKELY: Final = -4.5
FIRST: Final = -2.0
RARER: Final = 0.7
RARER_PER_GAIN: Final = 0.015
# Letters there are for each symbol at least; and the share of hangul where there are any: hardly a Korean text of today
# has Han characters.
LETTERS_PER_SYMBOL: Final = 2
HANGUL_SHARE: Final = 0.8
# The share of kana from which a text is Japanese.
KANA_SHARE: Final = 0.15
# Kinds of letters there have to be, half as many as letters up to so many: drawings give the same few over and over.
MOST_KINDS: Final = 4
# As much of a text is looked at.
_MOST: Final = 240
# Lines of more characters are weighed at a glance.
LONGEST: Final = 240

_LETTER: Final = re.compile(f"[{HAN_CLASS}ぁ-ゖァ-ヺー{HANGUL_CLASS}]")
_KANA: Final = re.compile("[ぁ-ゖァ-ヺ]")
_HANGUL: Final = re.compile(f"[{HANGUL_CLASS}]")
_SYMBOL: Final = re.compile(f"[^{HAN_CLASS}ぁ-ゖァ-ヺー{HANGUL_CLASS}{MARK_CLASS}ー・〜～　]")
_READ_LETTER: Final = re.compile(f"[{HAN_CLASS}{KANA_CLASS}{HANGUL_CLASS}\ue000-\uf8ff]")
_ASCII: Final = re.compile("[\x00-\x7f]+")


@remember(most=256, longest=1024)
def weight(line: str) -> float:
    """log10 of the probability of a line; of a long one at a glance, which is enough there.

    >>> weight("测试") > weight("娴嬭瘯")
    True
    """
    return unigram_score(line) if len(line) > LONGEST else text_score(line)


def is_language(text: str, written: Encoder, gain: float) -> bool:
    """Whether a text is what people write in a charset: Chinese, Japanese or Korean; for much gain it may be rare."""
    text = _ASCII.sub("", text)[:_MOST]
    hangul, kana, letters, symbols = (len(kind.findall(text)) for kind in (_HANGUL, _KANA, _LETTER, _SYMBOL))
    language = "Korean" if hangul else "Japanese" if kana > KANA_SHARE * letters else "Chinese"
    if letters < LETTERS_PER_SYMBOL * symbols or 0 < hangul < HANGUL_SHARE * letters:
        return False
    if written.language not in (None, language):
        return False
    rarer = 0.0 if hangul else min(RARER, max(0.0, gain) * RARER_PER_GAIN)
    return text_score(text) > (LEAST_LIKELY - rarer) * len(text) + FIRST


def has_letters(edits: Iterable[Edit], channel: Channel) -> bool:
    """Whether letters came out, of enough kinds if bytes prove nothing, and in a decoder with letters went in."""
    found = [letter for edit in edits for letter in _LETTER.findall(edit.after)]
    read = channel.read.single or any(_READ_LETTER.search(edit.before) for edit in edits)
    least = 1 if channel.written.proves else min(MOST_KINDS, max(2, len(found) // 2))
    return read and len(set(found)) >= least


def leaves_korean(line: str, undone: str, channel: Channel) -> bool:
    """Whether a line that is taken to have been read as EUC-KR by mistake has a good part of its Korean left.

    >>> from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS
    >>> leaves_korean("시작할 날짜를 쓴다", "시작할 朝楼를 쓴다", Channel(ENCODERS["GBK"], DECODERS["EUC-KR"]))
    True
    """
    before, after = (len(_HANGUL.findall(text)) for text in (line, undone))
    return channel.read.codec == "cp949" and channel.written.language != "Korean" and 4 * after > before


# Words for mojibake itself, and for what is told of in its company.
_MOJIBAKE: Final = re.compile("乱码|亂碼|锟斤拷|烫烫烫|mojibake|garbled|文字化け|кракозябр|Zeichensalat", re.IGNORECASE)
_CHARSETS: Final = re.compile(
    r"编码|編碼|解码|解碼|转码|轉碼|字符集|字元集|内码|內碼|エンコード|인코딩|encod|decod|charset|code ?page|"
    r"(?<![A-Za-z])(?:UTF-?8|GBK|GB ?2312|GB ?18030|Big-?5|Latin-?1|ISO-?8859|cp\d{3,4}|Windows-125\d|"
    r"Shift[-_]?JIS|EUC-\w\w|ANSI|Unicode|KOI8)",
    re.IGNORECASE,
)
# An example in quotation marks is told of with one of these.
_BECAME: Final = re.compile(
    "变成|變成|变为|變為|成了|显示|顯示|看到|出现|出現|读成|讀成|打开|打開|写成|寫成|化け|으로 보|shows? |appears? "
)
_QUOTED: Final = re.compile("[“‘\"'「『《`（(].{0,3}$"), re.compile("^.{0,3}[”’\"'」』》`）)]")
_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
# Sound prose around an example: so many Han characters, or words of Latin letters.
_LEAST_PROSE: Final = 6


def is_example(text: str, line: str, edits: tuple[Edit, ...]) -> bool:
    """Whether what edits would undo in a line stands there as an example.

    The rest of the line has to be prose about charsets, or about what something quoted became, or prose in a text that
    speaks of mojibake.

    >>> line = "把“测试”当成GBK来读，就会看到“娴嬭瘯”。"
    >>> is_example(line, line, (Edit.at(18, "娴嬭瘯", "测试"),))
    True
    """
    rest = _without(line, edits)
    if len(rest) < _LEAST_PROSE or len(_HAN.findall(rest)) + len(_WORD.findall(rest)) < _LEAST_PROSE:
        return False
    if _BECAME.search(rest) and all(_is_quoted(line, edit) for edit in edits):
        return True
    return _CHARSETS.search(rest) is not None or _speaks_of_mojibake(text)


def _is_quoted(line: str, edit: Edit) -> bool:
    return (_QUOTED[0].search(line[: edit.start]) and _QUOTED[1].search(line[edit.end :])) is not None


def is_about(rest: str) -> bool:
    """Whether the rest of a line, without what looks like damage, speaks of charsets or mojibake.

    >>> is_about("网页上的“”是怎么来的？和编码有关。"), is_about("价格为元")
    (True, False)
    """
    return (_CHARSETS.search(rest) or _MOJIBAKE.search(rest)) is not None


@lru_cache(maxsize=1)  # asked for each line of a page
def _speaks_of_mojibake(text: str) -> bool:
    return _MOJIBAKE.search(text) is not None


def _without(line: str, edits: tuple[Edit, ...]) -> str:
    done, pieces = 0, []
    for edit in edits:
        pieces.append(line[done : edit.start])
        done = edit.end
    return " ".join((*pieces, line[done:]))
