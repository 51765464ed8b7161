"""``python -m model.signs``: the characters that mojibake has and sound text has not, as the screen looks for them.

Characters of Chinese, Japanese and Korean text, by how common they are, are written in one charset and read in
another. What comes out a hundred and fifty times as often as in sound text of these, or in words of Europe, is a sign.
No text is needed, only shares of characters.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from jiaokan.lexicon import prices
from jiaokan.lexicon.prices import mark_price
from jiaokan.lexicon.trigrams import trigrams
from jiaokan.lexicon.variants import simplified_forms
from jiaokan.lexicon.wordlists import SIGNS_FILE

Shares = dict[str, float]

# At 60 a novel set the screen off 3.5 times as often as at 150; of UTF-8 read as GBK 83 per cent were signs at 60, and
# 79 at 150 (measured).
LEAST_RATIO: Final = 150
# What is rarer in mojibake says little.
LEAST_SHARE: Final = 2e-5
# A letter that is so common in mojibake, and so much more so than in sound text, needs no other beside it: of a million
# characters of manuals and news 0 to 3 are such, of the fourteenth-century novel 27, of reviews 31 (measured).
SOLE_SHARE: Final = 3e-4
SOLE_RATIO: Final = 20_000
LEAST_USUAL: Final = 1e-8
WRITTEN: Final = {
    "utf-8": ("simplified", "traditional", "Japanese", "Korean", "bytes"),
    "gb18030": ("simplified",),
    "big5hkscs": ("traditional",),
    "cp932": ("Japanese",),
    "cp949": ("Korean",),
}
READ: Final = ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp")
_SCRIPTS: Final = {
    "Japanese": "kana",
    "Korean": "hangul",
    "Russian": "cyrillic",
    "Greek": "greek",
    "languages of Europe": "latin",
}
# The first level of JIS X 0208, and the hangul of KS X 1001: any of them can stand in sound text.
_KANJI: Final = bytes(b for lead in range(0xB0, 0xD0) for trail in range(0xA1, 0xFF) for b in (lead, trail)).decode(
    "euc_jp", "ignore"
)
_HANGUL: Final = bytes(b for lead in range(0xB0, 0xC9) for trail in range(0xA1, 0xFF) for b in (lead, trail)).decode(
    "euc_kr"
)
HANGUL_SHARE: Final = 5e-6
# Fullwidth forms and other signs that stand in sound text.
_SIGNS: Final = "".join(map(chr, range(0xFF01, 0xFF5F))) + (
    "‘’“”「」『』【】〔〕〈〉—―…·・〃々〇○●◎◇◆□■△▲▽▼☆★※→←↑↓①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶ⅠⅡⅢⅣⅤ×÷±≈≠≤≥∞√℃°′″§№￥￠￡㎡㎏㎜"
)
SIGN_SHARE: Final = 2e-4
_MARKS: Final = "，。、“”：；！？（）《》"


def main() -> None:
    """Write a line of all signs and one of those that are one by themselves, in the order of their code points."""
    ratios = found()
    sole = (
        sign for sign, (share, ratio) in ratios.items() if sign.isalpha() and share > SOLE_SHARE and ratio > SOLE_RATIO
    )
    raw = "".join(f"{''.join(sorted(each))}\n" for each in (ratios, sole)).encode()
    SIGNS_FILE.write_bytes(raw)
    print(f"{SIGNS_FILE}: {len(ratios)} characters, sha256 {hashlib.sha256(raw).hexdigest()}")


def found() -> dict[str, tuple[float, float]]:
    """Every sign, its share in the mojibake that has most of it, and how many times that is its share in sound text.

    Signs are of the Basic Multilingual Plane: ``re`` is slow with a class that has others.
    """
    sound = {name: shares(name) for name in ("simplified", "traditional", *_SCRIPTS)}
    written = sound | {"bytes": dict.fromkeys(map(chr, range(0xA1, 0x100)), 1.0)}  # as Latin-1 reads them
    sound["signs"] = dict.fromkeys(_SIGNS, SIGN_SHARE)
    signs: dict[str, tuple[float, float]] = {}
    for charset, languages in WRITTEN.items():
        for language in languages:
            for codec in READ:
                for char, share in garbled(written[language], charset, codec).items() if codec != charset else ():
                    usual = max(each.get(char, 0.0) for each in sound.values())
                    if share > max(LEAST_SHARE, LEAST_RATIO * usual) and not char.isascii() and char < "\U00010000":
                        found = share, share / max(usual, LEAST_USUAL)
                        signs[char] = max(found, signs.get(char, found))
    return signs


@cache
def shares(language: str) -> Shares:
    """How common the characters of a language are."""
    if language in _SCRIPTS:
        script = _SCRIPTS[language]
        listed = {char: 10**share for share, row in prices.SHARES[script].items() for char in row + row.upper()}
        return dict.fromkeys(_HANGUL, HANGUL_SHARE) | listed if language == "Korean" else listed
    model = trigrams()
    marks = {mark: 10 ** mark_price(mark, "是") for mark in _MARKS}
    simplified = {char: 10 ** (model.share(char) or 0.0) for char in map(chr, model.tables.han)}
    if language == "simplified":
        return simplified | marks
    older = {char: max(simplified.get(heir, 0.0) for heir in each) for char, each in simplified_forms().items()}
    return (
        {char: share for char, share in simplified.items() if char not in "".join(simplified_forms().values())}
        | older
        | marks
    )


def garbled(written: Shares, charset: str, codec: str) -> Shares:
    """The shares of the characters that come out when text in one charset is read in another codec."""
    raws = [(char.encode(charset, "ignore"), share) for char, share in written.items()]
    total = sum(share for raw, share in raws if raw)
    came_out: dict[str, float] = defaultdict(float)
    for raw, share in _pairs([(raw, share / total) for raw, share in raws if raw]):
        for char in raw.decode(codec, "ignore"):
            came_out[char] += share
    return came_out


def _pairs(raws: list[tuple[bytes, float]]) -> Iterator[tuple[bytes, float]]:
    """The pairs of bytes in running text. Of three bytes a character, every other one straddles two characters."""
    firsts: dict[bytes, float] = defaultdict(float)
    lasts: dict[bytes, float] = defaultdict(float)
    for raw, share in raws:
        if len(raw) == 2:
            yield raw, share
        elif len(raw) == 3:
            yield raw[:2], share / 3
            yield raw[1:], share / 3
            firsts[raw[:1]] += share
            lasts[raw[2:]] += share
    for last, share in lasts.items():
        for first, other in firsts.items():
            yield last + first, share * other / 3


if __name__ == "__main__":
    main()
