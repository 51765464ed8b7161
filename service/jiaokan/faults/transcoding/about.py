"""Whether a text shows mojibake because it speaks of it: an example in sound prose is not damage."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from jiaokan.edits import Edit
from jiaokan.lexicon.hanzi import HAN_CLASS

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


@lru_cache(maxsize=4)
def _speaks_of_mojibake(text: str) -> bool:
    return _MOJIBAKE.search(text) is not None


def _without(line: str, edits: tuple[Edit, ...]) -> str:
    done, pieces = 0, []
    for edit in edits:
        pieces.append(line[done : edit.start])
        done = edit.end
    return " ".join((*pieces, line[done:]))
