"""Forms of letters, digits and marks that differ from the usual ones in width or direction only.

Fullwidth letters and digits become ASCII, with the marks that join them (３．１４, Ａ／Ｂ, ５０％), unless a page sets
all of them so; halfwidth, vertical
and small marks become those of Chinese text. Chinese marks are fullwidth and stay so. Halfwidth kana stay wherever
they stand, and all forms stay in Japanese and Korean, in text that is hardly Chinese, in faces, in ranges of letters,
in a line that speaks of forms, and beside Chinese numerals: the ０ of 二０００年 is meant for 〇 and becomes that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from jiaokan.faults.codepoints.proposals import HAN, line, neighbours, probable, suggested
from jiaokan.lexicon.hanzi import HAN_CLASS, count_han
from jiaokan.lexicon.languages import foreign
from jiaokan.report import Finding

_ANY: Final = re.compile("[０-９Ａ-Ｚａ-ｚ\ufe10-\ufe19\ufe30-\ufe6b｡-､･]")
_WIDE: Final = "０-９Ａ-Ｚａ-ｚ"
# Letters and digits, with marks that stand between two of them or, of per cent and the dollar, beside one.
_WIDE_RUN: Final = re.compile(f"＄?[{_WIDE}]+(?:(?:[．＿－／＠＆＋＝＊＃]|：／／)(?=[{_WIDE}])[{_WIDE}]+)*％?")
# So many of them make a style, if none beside Han is narrow. (of 17,408 reviews 101 have any, and one as many)
_STYLE: Final = 6
_NARROW: Final = re.compile(f"[{HAN_CLASS}][0-9A-Za-z]|[0-9A-Za-z][{HAN_CLASS}]")
_NUMERAL: Final = re.compile("[〇○零一二三四五六七八九十百千]")
_ZEROS: Final = re.compile("(?<=[〇○零一二三四五六七八九])０+(?=[〇○零一二三四五六七八九年月])")
# A text with fewer Han characters is another language's that quotes some; there only lines with Han characters count.
_CHINESE_SHARE: Final = 0.1
_TO_ASCII: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# [Ａ-Ｚ０-９], ａ～ｚ: the forms themselves are meant.
_RANGE: Final = re.compile("Ａ[-－～~—]Ｚ|ａ[-－～~—]ｚ|０[-－～~—]９")
_ABOUT_FORMS: Final = re.compile(
    r"[全半][角形]|全?形空|字宽|字寬|竖排|豎排|直排|小写变体|U\+F[EF]|fullwidth|full-width", re.I
)
# What faces are drawn with. One or two letters this near to them are part of one: Ｏ(∩_∩)Ｏ, （￣ｏ￣）ｚＺ.
_FACE: Final = re.compile("[￣﹏︶︵▽△□∩∀ωДﾟ°゜╯╰╮╭┻┳﹃﹌≧≦∇⊙◕‿`´ˊˋ^＾_＿╥＞＜･ᴗ]")
_FACE_REACH: Final = 3
_IN_FACE: Final = 2

# Unicode, names and decompositions: the mark that each is a presentation form of. A form whose decomposition is ASCII
# stands for the mark that Chinese has for it. The dots ﹒ and ･ are those of foreign names; ︰ is what Big5 has for ：.
_MARKS: Final = dict(
    zip(
        "︐︑︒︓︔︕︖︰﹐﹑﹔﹕﹖﹗｡､･﹒",
        "，、。：；！？：，、；：？！。、··",
        strict=True,
    )
)
_MARK: Final = re.compile(f"(?<=[{HAN_CLASS}A-Za-z0-9０-９”’）》」』】)])[{''.join(_MARKS)}]")
_NAME_DOTS: Final = "･﹒"
_PAIRS: Final = dict(zip("︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝｢︗", "（｛〔【《〈「『［（｛〔「〖", strict=True))
_CLOSING: Final = dict(zip("︶︸︺︼︾﹀﹂﹄﹈﹚﹜﹞｣︘", "）｝〕】》〉」』］）｝〕」〗", strict=True))
_BRACKETED: Final = [
    re.compile(f"{opening}(?=(?P<inner>[^{opening}{closing}\n]{{1,80}}){closing})")
    for opening, closing in zip(_PAIRS, _CLOSING, strict=True)
]
_SIGNS: Final = dict(zip("﹟﹠﹡﹢﹣﹤﹥﹦﹨﹩﹪﹫", "#&*+-<>=\\$%@", strict=True))
_SIGN: Final = re.compile(f"(?<=[{HAN_CLASS}A-Za-z0-9])[{''.join(_SIGNS)}](?=[{HAN_CLASS}A-Za-z0-9])")
_USUAL: Final = {**_MARKS, **_PAIRS, **_CLOSING, **_SIGNS}
_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_NARROW_KANA: Final = re.compile("[\uff66-\uff9f]")


def find(text: str) -> Iterator[Finding]:
    """Every form with the usual one.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("在ＡＢＣ１２３处﹐︵第３．５节︶")]
    [('ＡＢＣ１２３', 'ABC123'), ('３．５', '3.5'), ('﹐', '，'), ('︵', '（'), ('︶', '）')]
    """
    if not _ANY.search(text):
        return
    propose = suggested if _is_style(text) else probable
    abroad = foreign(text)
    is_chinese = count_han(text) >= _CHINESE_SHARE * len(text)
    for m in _ZEROS.finditer(text):
        yield probable(m, "〇" * len(m.group()), f"{m.group()} stands for 〇 among Chinese numerals")
    for m in (*_wide(text), *_single_marks(text), *_brackets(text)):
        around = line(text, m)
        if abroad.covers(m.start()) or _ABOUT_FORMS.search(around) or not (is_chinese or HAN.search(around)):
            continue
        if _is_wide(m):
            yield propose(m, m.group().translate(_TO_ASCII), f"{m.group()} is fullwidth, and Chinese sets it narrow")
        else:
            yield probable(m, _USUAL[m.group()], f"{m.group()} is a form of {_USUAL[m.group()]} for other places")


def _is_style(text: str) -> bool:
    """Whether a page sets its letters and digits fullwidth throughout, as newspapers did: that is nobody's slip."""
    often = len([*islice(_WIDE_RUN.finditer(text), _STYLE)]) == _STYLE
    return often and not _NARROW.search(text)


def _is_wide(m: re.Match[str]) -> bool:
    return m.re is _WIDE_RUN


def _wide(text: str) -> Iterator[re.Match[str]]:
    """Runs of fullwidth letters and digits that are not meant as they are."""
    for m in _WIDE_RUN.finditer(text):
        is_beside_numeral = any(_NUMERAL.match(char) for char in neighbours(text, m))
        if not (m.group().isdigit() and is_beside_numeral) and not _is_meant(text, m):
            yield m


def _is_meant(text: str, m: re.Match[str]) -> bool:
    """Whether a run of fullwidth letters is to be as it is: in a face, in a range, beside a character of Japanese."""
    around = text[max(0, m.start() - _FACE_REACH) : m.start()] + text[m.end() : m.end() + _FACE_REACH]
    before, after = neighbours(text, m)
    return (
        (len(m.group()) <= _IN_FACE and _FACE.search(around) is not None)
        or _RANGE.search(text, max(0, m.start() - 2), m.end() + 2) is not None
        or (before == "[" and after in "]-")
        or any(map(_is_japanese, _HAN.findall(line(text, m))))
    )


@cache
def _is_japanese(char: str) -> bool:
    """Whether a Han character is one that only Japanese writes: 関, 図."""
    return bool(char.encode("cp932", "ignore")) and not any(char.encode(each, "ignore") for each in ("gb2312", "big5"))


def _single_marks(text: str) -> Iterator[re.Match[str]]:
    """Marks behind a word, and signs between two, that no row of forms goes on behind."""
    for pattern in (_MARK, _SIGN):
        for m in pattern.finditer(text):
            before, after = neighbours(text, m)
            is_name_dot = m.group() not in _NAME_DOTS or (HAN.match(before) and HAN.match(after))
            if is_name_dot and after not in _MARKS and not _NARROW_KANA.search(line(text, m)):
                yield m


def _brackets(text: str) -> Iterator[re.Match[str]]:
    """Brackets in pairs around something with a Han character or a letter; the arms of faces have none."""
    for pattern, closing in zip(_BRACKETED, _CLOSING, strict=True):
        for m in pattern.finditer(text):
            if re.search(f"[{HAN_CLASS}A-Za-z0-9]", m["inner"]) and not _FACE.search(m["inner"]):
                yield m
                end = re.compile(closing).match(text, m.end() + len(m["inner"]))
                assert end
                yield end
