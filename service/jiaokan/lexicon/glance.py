"""What a text costs at a glance: each character by itself, a hundred times as fast as the language model.

Enough to see that a line is not language of any kind, and where such a stretch begins and ends. Which of two readings
that look like language is the right one is for ``writing`` to say.
"""

from __future__ import annotations

from typing import Final

from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.letters import WORDS, kanji_price, letter_price
from jiaokan.lexicon.marks import UNUSUAL, mark_price
from jiaokan.lexicon.trigrams import trigrams
from jiaokan.lexicon.variants import simplified_forms
from jiaokan.memo import Memo

# log10 of how seldom a Han character that no word of the model has stands in a text, if it is Japanese.
_FOREIGN_HAN: Final = -1.0
# A letter of another script than the text's, averaged over a word: what its script costs the text once.
_FOREIGN_LETTER: Final[dict[str, float]] = {
    "latin": -0.3,
    "kana": -0.3,
    "hangul": -0.3,
    "cyrillic": -0.5,
    "greek": -0.6,
    "wide": -0.7,
}
_OTHER_SCRIPT: Final = -1.5
_DIGIT: Final = -2.0
_ASCII_MARK: Final = -2.6
# Signs that keep together: drawings, arrows, mathematics.
_DRAWN: Final = -3.2
_DRAWN_RANGE: Final = range(0x2190, 0x2600)
# Marks of European and Japanese punctuation, and of measures.
_FOREIGN_MARKS: Final = frozenset("’”»«°×±・〜")
_FOREIGN_MARK: Final = -3.0
# Superscripts and other small signs of mathematics.
_MATHEMATICAL: Final = frozenset("¬²³¹÷′″‴µªº")
_MATHEMATICAL_SIGN: Final = -4.0
# A combining mark, a symbol, a control or private-use character.
_ODD: Final = -6.0


def unigram_score(text: str) -> float:
    """log10 of the probability of a text if its characters had nothing to do with one another.

    >>> unigram_score("测试") > unigram_score("娴嬭瘯"), unigram_score("привет") > unigram_score("ІвКФ") * 6 / 4
    (True, True)
    """
    return sum(map(_PRICES.__getitem__, text))


def _price(char: str) -> float:
    if is_han(char):
        shares = (trigrams().share(heir) for heir in simplified_forms().get(char, char))
        return max((share for share in shares if share is not None), default=kanji_price(char) + _FOREIGN_HAN)
    if char.isdigit() and char.isascii():
        return _DIGIT
    word = WORDS.fullmatch(char)
    if word:
        script = word.lastgroup or ""
        return letter_price(char, script) + _FOREIGN_LETTER.get(script, _OTHER_SCRIPT)
    if ord(char) in _DRAWN_RANGE:
        return _DRAWN
    if char in _MATHEMATICAL or "⁰" <= char <= "⅏":
        return _MATHEMATICAL_SIGN
    if char in _FOREIGN_MARKS:
        return _FOREIGN_MARK
    found = mark_price(char, "是")  # behind a Han character, where marks stand most often
    if found <= UNUSUAL:
        return _ASCII_MARK if char.isascii() and char.isprintable() else _ODD
    return found


# Chinese text has some 9,000 different characters; each takes about 100 bytes.
_PRICES: Final = Memo(_price, most=20_000)
