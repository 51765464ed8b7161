"""How probable a text is as writing of any kind: Chinese, or what stands beside it on the web.

Han characters and marks are priced as everywhere (``model``), words in other scripts by their letters, and Japanese
twice: as Chinese with kana among it, and as Japanese. Bytes that two charsets can read, and mojibake and what it may
have been, are compared by this.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final

from jiaokan.lexicon.hanzi import HAN_CLASS, KANA_CLASS, count_han
from jiaokan.lexicon.model import START, Context
from jiaokan.lexicon.prices import WORDS, kanji_price, words_score
from jiaokan.lexicon.trigrams import trigrams
from jiaokan.lexicon.variants import simplified_forms

# log10 of how often a text has words in a script at all, and of going on in one that it has.
_FIRST_WORDS: Final[dict[str, float]] = {
    "latin": -2.0,
    "kana": -3.0,
    "hangul": -3.0,
    "cyrillic": -3.0,
    "greek": -3.0,
    "wide": -2.5,
    "other": -3.5,
}
_NEXT_WORDS: Final = -0.6
# Drawings, signs of mathematics and the like keep together too; the same one again, of whatever kind, costs little.
_DRAWN: Final = "─-╿▀-◿"
_MATHEMATICS: Final = "¬±²³¹×÷°′″‴⁰-₟℀-⅏←-⋿"
_SIGNS: Final = re.compile(rf"[{_DRAWN}][{_DRAWN} ]*|[{_MATHEMATICS}][{_MATHEMATICS} ]*|(?P<same>[^\w\s])(?P=same)+")
_SIGN_FIRST: Final = -4.0
_SIGN_NEXT: Final = -2.2
_SIGN_AGAIN: Final = -0.3
# A mark of European punctuation that Chinese has not.
_EUROPEAN: Final = "«»‹›„‚¿¡"
_EUROPEAN_MARK: Final = -3.0
# A text in Japanese.
_JAPANESE: Final = -3.0
# Japanese has a kana in every two letters; with more than so few, a text is nothing else.
_KANA_SHARE: Final = 0.15

_PIECE: Final = re.compile(f"{WORDS.pattern}|(?P<european>[{_EUROPEAN}])|(?P<signs>{_SIGNS.pattern})")
_KANA: Final = re.compile(f"[{KANA_CLASS}]")
_HAN_RUN: Final = re.compile(f"[{HAN_CLASS}]+")


def text_score(text: str) -> float:
    """log10 of the probability of a text, whatever language it is in.

    >>> text_score("проверка связи") > text_score("镳钼屦赅 疋")
    True
    >>> text_score("测试数据") > text_score("²âÊÔÊý¾Ý")
    True
    """
    kana = len(_KANA.findall(text))
    if not kana and not _only_japanese().search(text):
        return _price(_PIECE, text)
    japanese = _JAPANESE + _price(_japanese(), text)
    if kana > _KANA_SHARE * (kana + count_han(text)):
        return japanese
    return max(japanese, _price(_PIECE, text))


def _price(pattern: re.Pattern[str], text: str) -> float:
    context, seen, at = START, set[str](), 0
    for match in pattern.finditer(text):
        context = context.extend(text[at : match.start()])
        context = _with_piece(context, match, seen)
        at = match.end()
    return context.extend(text[at:]).score


def _with_piece(context: Context, match: re.Match[str], seen: set[str]) -> Context:
    """The context after a word, a drawing, or in Japanese a run of Han characters."""
    kind, piece = match.lastgroup or "", match.group()
    if kind == "signs":
        price = _signs(piece)
    elif kind == "european":
        price = _EUROPEAN_MARK
    elif kind == "kanji":
        price = sum(map(kanji_price, piece))
    else:
        price = words_score(piece, kind) + (_NEXT_WORDS if kind in seen else _FIRST_WORDS[kind])
    seen.add(kind)
    return context.after_unknown(price)._replace(last=piece[-1], pending=context.pending, asks=context.asks)


def _signs(piece: str) -> float:
    again = sum(one == other for one, other in pairwise(piece))
    return _SIGN_FIRST + again * _SIGN_AGAIN + (len(piece) - 1 - again) * _SIGN_NEXT


@cache
def _japanese() -> re.Pattern[str]:
    return re.compile(f"{_PIECE.pattern}|(?P<kanji>{_HAN_RUN.pattern})")


@cache
def _only_japanese() -> re.Pattern[str]:
    """The Han characters of the first level of JIS X 0208 that no Chinese word has: 戦, 対."""
    level = bytes(b for lead in range(0xB0, 0xD0) for trail in range(0xA1, 0xFF) for b in (lead, trail))
    kanji = level.decode("euc_jp", "ignore")
    return re.compile(f"[{''.join(c for c in kanji if trigrams().share(c) is None and c not in simplified_forms())}]")
