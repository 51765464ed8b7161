"""Which passages are Japanese or Korean: told by their kana and hangul, sentence by sentence.

A quotation with kana or hangul of its own is not Chinese, and neither is a sentence with them, nor the Han characters
quoted in it. A sentence of Han characters alone in a text full of kana is Japanese (a heading, a name) unless it has
characters that only Chinese uses.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jiaokan.lexicon.hanzi import HAN_CLASS, HANGUL_CLASS, KANA_CLASS
from jiaokan.lexicon.variants import convert, japanese_forms
from jiaokan.spans import Spans

# Japanese running text has four to six kana in ten letters, Korean nearly all hangul. A Chinese sentence that names a
# brand (優の良品) or a letter has one or two.
FOREIGN_SHARE: Final = 0.15
# A text with this share of kana or hangul may have foreign sentences that show none, of at most so many characters.
FOREIGN_TEXT: Final = 0.2
LONGEST_HEADING: Final = 16

_OWN: Final = re.compile(f"[{KANA_CLASS}{HANGUL_CLASS}]")
_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_SENTENCE: Final = re.compile(r"[^。！？!?\n]+[。！？!?]*")
_QUOTED: Final = re.compile(
    r"「[^「」\n]*」|『[^『』\n]*』|“[^“”\n]*”|\"[^\"\n]*\"|《[^《》\n]*》|（[^（）\n]*）|\([^()\n]*\)|【[^【】\n]*】"
)
_ONLY_CHINESE: Final = re.compile("[们們这這你她吗嗎呢吧没么麼您啊很说說]")
# Japanese has these too, but not two of them among a few Han characters.
_CHINESE_WORDS: Final = frozenset("的了是我他在那也就都給把與從不之")


def foreign(text: str) -> Spans:
    """The spans of a text that are Japanese or Korean.

    >>> text = "他說「東京へようこそ。」，然後離開。"
    >>> [text[slice(*span)] for span in foreign(text)]
    ['「東京へようこそ。」']
    """
    if not _OWN.search(text):
        return Spans(m.span() for m in _SENTENCE.finditer(text) if _is_kanji(m.group())) if _has_form(text) else Spans()
    quoted = Spans(m.span() for m in _QUOTED.finditer(text) if _is_foreign(m.group()))
    may_hide = _share(text) >= FOREIGN_TEXT
    sentences = (
        m.span()
        for m in _SENTENCE.finditer(quoted.mask(text))
        if _is_foreign(m.group(), may_hide) or _is_kanji(m.group())
    )
    return Spans((*quoted, *sentences))


def _has_form(text: str) -> bool:
    """Whether a text has a character in a form that only Japanese writes."""
    return _form().search(text) is not None


def _is_kanji(sentence: str) -> bool:
    """Whether a sentence has a Japanese form and nothing that is only Chinese: 関連項目."""
    return _has_form(sentence) and _may_be_japanese(sentence)


def _is_foreign(passage: str, may_hide: bool = False) -> bool:
    own = _OWN.findall(passage)
    if own and may_hide:
        return True
    if own and own != ["の"]:  # a lone の is a brand's (優の良品)
        return _share(passage) >= FOREIGN_SHARE
    may_hide = may_hide or bool(own)
    return may_hide and 0 < len(frozenset(_HAN.findall(passage))) <= LONGEST_HEADING and _may_be_japanese(passage)


def _may_be_japanese(passage: str) -> bool:
    letters = frozenset(_HAN.findall(passage))
    if _ONLY_CHINESE.search(passage) or len(letters & _CHINESE_WORDS) > 1:
        return False
    return _not_japanese().isdisjoint(letters)


def _share(passage: str) -> float:
    """The share of kana and hangul among the letters of a passage."""
    own = len(_OWN.findall(passage))
    return own / (own + len(_HAN.findall(passage))) if own else 0.0


@cache
def _form() -> re.Pattern[str]:
    return re.compile(f"[{''.join(japanese_forms())}]")


@cache
def _not_japanese() -> frozenset[str]:
    """Traditional characters that Japanese writes otherwise since 1946 (經, 歡), and what its charset lacks (现)."""
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    converted = convert("\n".join(characters), "t2jp").split("\n")
    otherwise = (char for char, other in zip(characters, converted, strict=True) if char != other)
    return frozenset(otherwise) | frozenset(char for char in characters if not char.encode("cp932", "ignore"))
