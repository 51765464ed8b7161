"""Where UTF-8 that was read byte by byte opens a character: what a lead byte and what follows it are read as.

Bytes 80 to BF are read as signs and as letters. Signs that stand behind letters in sound text (a closing quote, a dash,
a dot in the middle, a blank that does not break) count only behind Ã and Â, which end no word but in capitals.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jiaokan.faults.transcoding.channels import Decoder

# Latin alphabets read one byte as one character in these; what other decoders give is seen without a rule of its own.
_LATIN_DECODERS: Final = tuple(
    Decoder(name, name.lower(), single=True)
    for name in ("cp1252", "Latin-1", "cp1250", "cp1254", "cp1257", "ISO8859-2")
)
_CYRILLIC_DECODERS: Final = Decoder("cp1251", "cp1251", single=True)
_GREEK_DECODERS: Final = Decoder("cp1253", "cp1253", single=True)
# What stands behind a letter in sound text, and what ends a sentence of a quotation.
_USUAL_LETTERS: Final = "“”‘’«»‹›—–…·•°©®™²³¹ºª§´¨\xa0\xad"
# Letters that bytes 80 to 9F are read as in cp1252.
_READ_LETTERS: Final = "ŒœŠšŽžŸ"
_MARKS: Final = "«“‘„"


def _chars(decoder: Decoder, first: int, last: int) -> str:
    return "".join(char for char in decoder.chars[first : last + 1] if char != "\ufffe")


def _class(chars: str, without: str = "") -> str:
    return re.escape("".join(sorted(set(chars) - set(without))))


@cache
def leads() -> tuple[tuple[str, str], ...]:
    """Classes of characters that open, each with what has to follow."""
    latin = "".join(_chars(decoder, 0xC2, 0xDF) for decoder in _LATIN_DECODERS)
    follow = "".join(_chars(decoder, 0x80, 0xBF) for decoder in _LATIN_DECODERS)
    signs = "".join(char for char in follow if not char.isalpha() or char in "ªºµƒˆ")
    cyrillic = "".join(char for char in _chars(_CYRILLIC_DECODERS, 0x80, 0xBF) if char not in "ёЁіІїЇєЄґҐўЎјЈ№")
    greek = _chars(_GREEK_DECODERS, 0x80, 0xBF)
    return (
        ("ÂÃ", f"(?=[{_class(signs + _READ_LETTERS)}]|(?<![A-ZÀ-Þ].) )"),
        (_class("".join(char for char in latin if char.isupper()), "ÂÃ"), f"(?=[{_class(signs, _USUAL_LETTERS)}])"),
        ("ÄÅĂĹ", f"(?=[{_class(follow, _USUAL_LETTERS + 'ŠŽŚŤŹĽŁŞŻŖØÆ' + _MARKS)}])"),
        ("ÄÅ", "(?=[«°±®º§´¨].?[a-z])"),
        ("×", f"(?=[{_class(signs)}]×)"),  # Hebrew
        ("ð", "(?=[Ÿ\x9f])"),
        ("âāΓβв", "(?=[€Ђ\x80Ç])"),
        ("ГВРС", f"(?=[{_class(cyrillic, _USUAL_LETTERS)}])"),
        ("ΒΓΞΟ", f"(?=[{_class(greek, _USUAL_LETTERS + 'ΆΈΉΊΌΎΏ')}])"),
        ("√", "(?=[±∂†≠®™´≤≥¥µø©¶§¢£º°ª¨])"),
        ("\x80-\x84\x86-\x9f", "(?:(?=[A-Za-z])|(?<=[A-Za-z].))"),
        ("\x85", "(?<=[a-z].)"),
    )
