"""Which script a text is in: how many of its characters only traditional text has, and how many only simplified."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from jiaokan.lexicon.hanzi import count_han
from jiaokan.lexicon.languages import foreign
from jiaokan.lexicon.variants import ambiguous_forms, convert, only_simplified, to_simplified, valid_in_simplified

# Simplified characters that traditional text has in another sense: those of which OpenCC's STCharacters says that they
# may stay.
_BOTH: Final = (
    "㐹万丑丰了于云亘仆仇价仿伙余佛佣俊修借僵克党具冢冬准凌几凶出划刮制千升卜占卷厂厘只台叶吁吃合吊同后向吣呆周咨咸咽哄唇喂噪回困坐坯堤夫夸奸姜娘它家尸局岩岳巨布帘席干幸广庵弦彩征御志念恤愈愿戚扇才扎托扣折"
    "抵拐拿挂挨挽捆捍据搜斗斤斫旋昆暗曲札朱朴杆杠杯杰松板极果柜栗核梁棱檗欲沈沾泛注浚涂涌淀游溪漓澄焰熏狸玩琅璇症皂矩确硷私秋种穗筑筱糊系累耇胄背胜胡腊腌膻致舍芸苔苹范荐蒙蔑藤虫蚝蜡蝎表谷豆象跖辟适郁酸采里"
    "雇雕面"
)


class Scripts(NamedTuple):
    """How many Han characters of the Chinese passages of a text are of which script.

    Attributes:
        traditional: those of traditional text alone.
        simplified: those of simplified text alone.
        common: those that both have.
    """

    traditional: int
    simplified: int
    common: int

    @property
    def share(self) -> float:
        """The share of traditional characters among those that tell the scripts apart, 0.5 if there are none.

        >>> count_scripts("現代社会的問題").share
        0.75
        """
        telling = self.traditional + self.simplified
        return self.traditional / telling if telling else 0.5


def count_scripts(text: str) -> Scripts:
    """The scripts of a text.

    >>> count_scripts("現代社会")
    Scripts(traditional=1, simplified=1, common=2)
    """
    passages = foreign(text).mask(text)
    traditional, simplified = (len(each.findall(passages)) for each in (traditional_pattern(), simplified_pattern()))
    return Scripts(traditional, simplified, count_han(passages) - traditional - simplified)


@cache
def traditional_alone() -> frozenset[str]:
    """The characters of traditional text that simplified text does not use: 現, not 乾 or 你."""
    return frozenset({"瞭", *to_simplified()} - valid_in_simplified())


@cache
def simplified_alone() -> frozenset[str]:
    """The characters of simplified text that traditional text does not use: 现, not 后 (皇后), 里 (公里) or 你, and not
    what Taiwan or Hong Kong writes as the mainland does (群, 户)."""
    chars = sorted(only_simplified() - ambiguous_forms().keys() - frozenset(_BOTH))
    traditional = convert("\n".join(chars), "s2t")
    taiwan, hong_kong = (convert(traditional, region).split("\n") for region in ("t2tw", "t2hk"))
    return frozenset(char for char, *others in zip(chars, taiwan, hong_kong, strict=True) if char not in others)


@cache
def traditional_pattern() -> re.Pattern[str]:
    """Any of ``traditional_alone``."""
    return re.compile(f"[{''.join(sorted(traditional_alone()))}]")


@cache
def simplified_pattern() -> re.Pattern[str]:
    """Any of ``simplified_alone``."""
    return re.compile(f"[{''.join(sorted(simplified_alone()))}]")
