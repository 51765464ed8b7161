"""Words of Taiwan and Hong Kong replaced by those of the mainland: 软体 by 软件, 滑鼠 by 鼠标.

Half of them are words of the mainland as well, in another sense (文件, 程序, 支援), and some are only parts of what
stands there. So the text has to read better with the other word, and by the more the commoner the word is on the mainland.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from jiaokan.lexicon import START
from jiaokan.lexicon.plausibility import REACH, word_price
from jiaokan.lexicon.regional import mainland_words, regional_words

# Words of the model that are commoner than this, log10, are the mainland's own: 资讯 -4.5, 软体 -4.7, 伺服器 -5.0.
OWN: Final = -4.7
# So much better, log10, the text has to read for each unit of log10 that a word is commoner than that.
LEAD: Final = 1.5
# Terms of three characters that are no commoner than this are taken as they are: 红血球 -5.6, not 狮子山 -5.5.
RARE: Final = -5.55
# Terms of so many characters are taken as they are: none was met that is part of something else.
LONG: Final = 4

# General words of the mainland that the lists take for terms: 区域性合作 is not 局部合作.
GENERAL: Final = frozenset({"区域性", "稽核", "冷盘"})


class Word(NamedTuple):
    """A word of the regions at ``start`` of a simplified text, and the mainland's."""

    start: int
    word: str
    other: str


def find(text: str) -> Iterator[Word]:
    """The words to replace in a simplified text, in reading order.

    >>> [(word, other) for _, word, other in find("请安装新的软体，再打开文件。软体动物没有脊椎。")]
    [('软体', '软件')]
    """
    for place in regional_words().finditer(text):
        word = place.group()
        other = mainland_words()[word]
        if other != word and word not in GENERAL and _reads_better(text, place.start(), word, other):
            yield Word(place.start(), word, other)


def _reads_better(text: str, start: int, word: str, other: str) -> bool:
    price = word_price(word)
    if len(word) >= LONG or (len(word) > 2 and (price or RARE) <= RARE):
        return True
    before = START.extend(text[max(0, start - REACH) : start])
    after = text[start + len(word) : start + len(word) + REACH]
    gain = before.extend(other + after).score - before.extend(word + after).score
    return gain > LEAD * max(0.0, (price or OWN) - OWN)
