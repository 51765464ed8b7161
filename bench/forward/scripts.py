"""Simplified text made traditional in the ways that sites do it, and traditional characters made simplified."""

from __future__ import annotations

from functools import cache
from typing import Final

from opencc import OpenCC

# Read off real pages: a converter that maps character by character leaves these alone, or prefers another form than
# OpenCC's first (關系, 如雨后春筍, 沖突, 隨著, 為, 群, 眾).
_LEFT_ALONE: Final = "于采并后愿涌么吁咨范里系面只干征谷云余丑斗松游占雇岩周升布杰扎咸御郁朴借才卷注吃床秘痴灶唇"
_PREFERRED: Final = dict(zip("着为群众冲峰启线伪", "著為群眾沖峰啟線偽", strict=True))


def traditional(text: str, script: str) -> str:
    """``text`` in traditional characters, one for one: by OpenCC's ``s2t`` or ``s2tw``, or as ``site``s do it.

    A character whose traditional form GBK lacks stays as it is.
    """
    converted = text if script == "site" else _converter(script).convert(text)
    if script == "site" or len(converted) != len(text):
        converted = "".join(map(_site, text))
    return "".join(new if in_gbk(new) else old for old, new in zip(text, converted, strict=True))


def simplify(text: str) -> str:
    """``text`` with each character simplified for itself."""
    return "".join(map(_simple, text))


@cache
def in_gbk(char: str) -> bool:
    """Whether ``char`` is ASCII or has two bytes in GBK."""
    raw = char.encode("gb18030", "surrogatepass")
    return len(raw) == 2 or (len(raw) == 1 and raw < b"\x80")


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


@cache
def _site(char: str) -> str:
    return char if char in _LEFT_ALONE else _PREFERRED.get(char) or _converter("s2t").convert(char)


@cache
def _simple(char: str) -> str:
    simple: str = _converter("t2s").convert(char)
    return simple
