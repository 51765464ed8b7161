"""The charsets of a Chinese crawl's neighbours: Japanese, Korean, Cyrillic and Latin, with chardet as one voice.

They are asked only where the bytes read as no Chinese. chardet knows many of them; what it names is weighed like the
others, and its word counts.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from math import sqrt
from typing import Final

from jiaokan.charset.channel import byte_score

# Our codecs under chardet's names. The first ones are always weighed; of the others, single-byte charsets that can
# read nearly any bytes, only the one that chardet names.
_ALWAYS: Final = {
    "cp932": "cp932",
    "euc_jis_2004": "euc_jp",
    "cp949": "cp949",
    "koi8-r": "koi8-r",
    "cp1251": "cp1251",
    "cp1252": "cp1252",
}
_IF_NAMED: Final = {name: name for name in ("cp1250", "cp1253", "cp1254", "cp1257", "cp1258")}
# What chardet's word adds at its highest confidence, log10, and how much of a document it is shown.
_VOICE: Final = 1.0
_SHOWN: Final = 2048

# What a text in a neighbour's charset costs at most, log10: once for its script; by the letter in the long run; and the
# more by the letter the shorter it is, as chance has it. Of 150 texts each of 2 to 40 characters in Japanese, Korean,
# Russian, French and German two in a hundred cost more; rare Chinese characters read as such cost more than that.
_FIRST: Final = -3.0
_A_LETTER: Final = -2.2
_BY_CHANCE: Final = -1.2
# The same for charsets of pairs, where a letter is one of thousands, and for Western ones, whose signs (»«) are priced
# like those of any language.
_A_PAIR: Final = -3.0
_PAIR_BY_CHANCE: Final = -3.0
_CYRILLIC: Final = ("koi8-r", "cp1251")


def neighbours(raw: bytes) -> tuple[list[str], dict[str, float]]:
    """The codecs to weigh beside the Chinese ones, and which of them chardet favours, by how much (log10).

    >>> neighbours("проверка связи".encode("koi8-r"))[1].keys()
    dict_keys(['koi8-r'])
    """
    import chardet  # it takes 90 ms, which Chinese documents do without

    known = _ALWAYS | _IF_NAMED
    found = chardet.detect(raw[:_SHOWN], include_encodings=known, no_match_encoding="cp1252", compat_names=False)
    codec = known.get(_canonical(found["encoding"] or ""))
    voice = {codec: _VOICE * found["confidence"]} if codec else {}
    return [*dict.fromkeys((*_ALWAYS.values(), *voice))], voice


def reads_at_all(sample: Sequence[bytes], codec: str) -> bool:
    """Whether a sample can be taken for a text in the charset, however much worse the others are.

    Classical Chinese with characters that the language model does not know costs more than any hangul.

    >>> reads_at_all(["데이터".encode("cp949")], "cp949"), reads_at_all(["君讳瓛，字伯珪".encode("gbk")], "cp949")
    (True, False)
    """
    letters = sum(len(raw.decode(codec, "replace")) for raw in sample)
    a_letter, by_chance = (_A_LETTER, _BY_CHANCE) if codec in _CYRILLIC else (_A_PAIR, _PAIR_BY_CHANCE)
    return sum(byte_score(raw, codec) for raw in sample) >= _FIRST * len(
        sample
    ) + a_letter * letters + by_chance * sqrt(letters)


def _canonical(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
