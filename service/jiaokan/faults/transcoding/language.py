"""Whether what came out is something that people write: a channel can make Han characters of anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.transcoding.channels import Channel, Encoder
from jiaokan.lexicon.glance import unigram_score
from jiaokan.lexicon.hanzi import HAN_CLASS, HANGUL_CLASS, KANA_CLASS, MARK_CLASS
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
