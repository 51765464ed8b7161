"""Simplified and traditional forms of single characters, after OpenCC's character tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

# The characters a GBK page can hold: the unified block and what GBK takes from the compatibility ideographs.
_CHARACTERS: Final = tuple(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))))


# Traditional characters that go back to more than one simplified one, and the simplified forms each of them may have.
# In the Table of General Standard Chinese Characters (2013) the character itself stays for one of its readings: 著 zhù,
# 乾 qián, 瞭 liào, 藉 jí, 徵 zhǐ, 夥 huǒ ("many"), 於 yū (a surname).
_HEIRS: Final = {"著": "着著", "乾": "干乾", "瞭": "了瞭", "藉": "借藉", "徵": "征徵", "夥": "伙夥", "於": "于於"}


def convert(text: str, config: str) -> str:
    """The text as OpenCC converts it under one of its configurations.

    >>> convert("乾隆乾淨", "t2s")
    '乾隆干净'

    Raises:
        UnicodeEncodeError: the text has a lone surrogate.
    """
    converted: str = _converter(config).convert(text)
    return converted


def simplify(text: str) -> str:
    """The text with each character in its simplified form, one by one: good for reading, too coarse for writing.

    >>> simplify("當地上門")
    '当地上门'
    """
    return text.translate(_simplified())


@cache
def simplified_forms() -> dict[str, str]:
    """For each traditional character the simplified ones it can go back to.

    >>> [simplified_forms().get(char) for char in "地當著"]
    [None, '当', '着著']
    """
    return {chr(code): char for code, char in _simplified().items()} | _HEIRS


def traditional_forms(char: str) -> tuple[str, ...]:
    """The traditional characters that ``char`` is the simplified form of, other than itself.

    >>> sorted(traditional_forms("发"))
    ['發', '髮']
    """
    return _traditional().get(char, ())


def differs_by_script(char: str) -> bool:
    """Whether the character is written otherwise in the other script.

    >>> [differs_by_script(char) for char in "現现你了"]  # 瞭 is a rarity, 了 serves both scripts
    [True, True, False, False]
    >>> differs_by_script("著")  # 着, most often
    True
    """
    return char in _twins() or char == "著"


@cache
def convertible() -> frozenset[str]:
    """The traditional characters: those that have a simplified form other than themselves."""
    return frozenset(map(chr, _simplified()))


@cache
def only_simplified() -> frozenset[str]:
    """The simplified characters that traditional text does not use: 现, not 了."""
    return _twins() - convertible()


@cache
def _converter(config: str) -> OpenCC:
    from opencc import OpenCC  # here, so that what converts nothing does not load it

    return OpenCC(config)


@cache
def _twins() -> frozenset[str]:
    converted = convert("\n".join(_CHARACTERS), "s2t").split("\n")
    simplified = (char for char, other in zip(_CHARACTERS, converted, strict=True) if char != other)
    return convertible() | frozenset(simplified)


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters and their simplified forms, where the two differ."""
    converted = convert("\n".join(_CHARACTERS), "t2s").split("\n")
    return {ord(char): other for char, other in zip(_CHARACTERS, converted, strict=True) if char != other}


@cache
def _traditional() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, char in _simplified().items():
        found[char] = (*found.get(char, ()), chr(code))
    return found
