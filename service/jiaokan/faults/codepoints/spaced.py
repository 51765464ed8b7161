"""Text that a layout spaced out: each character (我 们 的), each word (我们 的 产品), or a label (姓 名：).

That the characters stand apart is no evidence by itself: so do the fields of a list, the columns of a table, the
characters of a copybook. Only where the line reads as running text without the blanks are they taken for layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.edits import Span
from jiaokan.lexicon import score_per_character, word_price
from jiaokan.lexicon.hanzi import HAN_CLASS, count_han

BLANK: Final = "[ \u3000]"
MARKS: Final = "，。、！？；："
_BLANKS: Final = re.compile(f"{BLANK}+")
_JOINT: Final = re.compile(f"[{HAN_CLASS}]{BLANK}[{HAN_CLASS}]")
_ALL_MARKS: Final = re.compile(f"[{MARKS}]")

# Words of up to so many characters with the same blank between each two, for a table has another between its columns
# than in its fields; marks may stand among the words, and blanks about those.
_WORD: Final = f"[{HAN_CLASS}]{{1,4}}(?:{BLANK}?[{MARKS}])*"
_SPACED: Final = re.compile(
    f"(?<![{HAN_CLASS}A-Za-z0-9]){_WORD}(?P<blank>{BLANK}){_WORD}(?:(?P=blank){_WORD})+(?![{HAN_CLASS}])"
)
# Words of two characters are the commonest. A list of fields has longer ones.
_MEAN_WORD: Final = 2.5
# Words of grammar: nobody but a layout sets them apart. A copybook (大 小 多 少 上 下 来 去) has none.
_FUNCTION: Final = frozenset("的了是在和与與就都也把被对對从從为為而这這吗嗎呢吧啊")
# What people count by: it stays apart, however well it reads together.
_COUNTED: Final = frozenset(
    "〇零一二三四五六七八九十百千万萬甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥金木水火土日月东東西南北中上下左右前后後春夏秋冬"
)
# The same for characters without a word of grammar: titles reach it (北 京 市 人 民 法 院), that copybook is at -2.29.
_TITLE: Final = -2.2
_LEAST_OF_TITLE: Final = 4
# What so many characters cost at least, in log10 a character, if they read as text. Windows of real text reach it in 8,
# 10, 20, 82 and 95 of a hundred (of 3, 4, 5, 8 and 10 characters), characters drawn by lot from the same text in 0.9,
# 0.1, 0.4, 1.0 and 0.2.
_READS_WELL: Final[tuple[tuple[int, float], ...]] = ((16, -3.2), (8, -2.9), (5, -2.6), (4, -2.2), (3, -2.3))
# A label of a form, padded to the width of its neighbours.
_LABEL: Final = re.compile(
    f"(?:^|(?<=[\\s，；|｜]))(?P<first>[{HAN_CLASS}]){BLANK}+(?P<last>[{HAN_CLASS}])(?=[：:])", re.MULTILINE
)


def spaced(text: str) -> Iterator[Span]:
    """Every stretch that is spaced out, as far as a layout did it, blanks at neither end.

    >>> [text[slice(*span)] for text in ("我 们 的 产 品", "姓 名：张 三", "春 夏 秋 冬") for span in spaced(text)]
    ['我 们 的 产 品', '姓 名']
    """
    for m in _LABEL.finditer(text):
        if word_price(m["first"] + m["last"]) is not None:
            yield Span(*m.span())
    for m in _SPACED.finditer(text):
        if _JOINT.search(m.group()) and _is_layout(m.group()):
            yield Span(*m.span())


def _is_layout(line: str) -> bool:
    words = [_ALL_MARKS.sub("", word) for word in _BLANKS.split(line)]
    words = [word for word in words if word]
    joined = _BLANKS.sub("", line)
    size = count_han(joined)
    if _COUNTED.issuperset(joined) or size > _MEAN_WORD * len(words):
        return False
    if not _FUNCTION.isdisjoint(words):
        return score_per_character(joined) >= next((least for most, least in _READS_WELL if size >= most), 0.0)
    # Not fields, nor an idiom that names four things (春 夏 秋 冬).
    is_title = size == len(words) >= _LEAST_OF_TITLE and word_price(joined) is None
    return is_title and score_per_character(joined) >= _TITLE
