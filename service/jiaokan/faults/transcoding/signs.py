"""What mojibake shows at a glance: signs that the screen looks for, and the lines that have one.

Bytes read as Han, kana or hangul give rare characters, two of them close together (``lexicon.wordlists``). Bytes read
as letters give what no alphabet has side by side: a letter and a symbol, two symbols, a capital inside a word, capitals
with accents, letters of two alphabets; and UTF-8 read byte by byte shows its lead bytes. A sign is not yet a finding:
French capitals and formulas have them too. Signs that stand behind letters in sound text (a closing quote, a dash, a
dot in the middle, a blank that does not break) count only behind Ã and Â, which end no word but in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final, NamedTuple

from jiaokan.edits import Span
from jiaokan.faults.transcoding.channels import DECODERS, Decoder
from jiaokan.faults.transcoding.destroyed import RESIDUES
from jiaokan.lexicon.hanzi import HAN_CLASS, HANGUL_CLASS
from jiaokan.lexicon.prices import unigram_score
from jiaokan.lexicon.wordlists import signs, sole_signs

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


# Marks of European text that stand beside letters: ’ in l’été, « and » with them, a dash, a degree.
_USUAL: Final = "“”‘’«»—–…·•°§©®€£№±×\xa0"
# Letters in name: ordinals, the micro sign, a currency and an accent by itself.
_LIKE_SYMBOLS: Final = "ªºµƒˆ"
_DRAWN: Final = "─-╿▀-◿"
# Corners and crossings of single with double lines, which next to nobody draws.
_SELDOM_DRAWN: Final = "╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨╪╫"
_CONTROL: Final = "\x80-\x9f\xad"
_LATIN: Final = "À-ÖØ-öø-ʯ"
_LATIN_CAPITAL: Final = "À-ÖØ-Þ"
_SMALL: Final = "a-zß-öø-ÿа-џα-ω"
_CAPITAL: Final = "À-ÖØ-ÞЀ-ЯΑ-Ω"
_CYRILLIC: Final = "Ѐ-ӿ"
_GREEK: Final = "Ͱ-Ͽ"
_HEBREW: Final = "א-ת"
_LETTER: Final = f"{_LATIN}{_CYRILLIC}{_GREEK}{_HEBREW}"
# UTF-8 opens a Han character with one of these, and two other bytes follow.
_LEAD: Final = "à-ï"
_BEYOND_ASCII: Final = re.compile(r"^[^\n]*?[^\x00-\x7f][^\n]*", re.MULTILINE)
# How far apart two signs of Han mojibake may stand.
_APART: Final = 2


# Rare Han characters are a sign only in company: log10 that the characters around one cost at most, each by itself, and
# how many are looked at. Of 475 such signs in 2.6 million characters of news, reviews and a
# novel 85 are below; of 10,969 in GBK read as Big5 and UTF-8 read as GBK all, of 4,979 in GBK read as EUC-KR 4,925.
ODD: Final = -3.8
_BEFORE: Final = 3
_BEHIND: Final = 6
_LETTERS: Final = re.compile(f"[{HAN_CLASS}{HANGUL_CLASS}ぁ-ゖァ-ヺ]")
_ASCII: Final = re.compile("[\x00-\x7f]+")


class Sign(NamedTuple):
    """What a fault shows: one of the characters of a class, and a pattern for what stands around it."""

    chars: str
    around: str = ""


@cache
def shown() -> tuple[Sign, ...]:
    """Every sign."""
    residues = "|".join(f"(?<={residue[0]})(?={re.escape(residue[1:])})" for residue in RESIDUES)
    destroyed = Sign("".join(residue[0] for residue in RESIDUES), f"(?:{residues})")
    return (*_of_ideographs(), *(Sign(*lead) for lead in leads()), destroyed)


@cache
def _of_ideographs() -> tuple[Sign, ...]:
    """The signs of Chinese, Japanese and Korean text."""
    symbols = re.escape(_symbols())
    following = f"[ŒœŠšŽžŸ{symbols}{_CONTROL}“”‘’—–…·•°§©®€£±×«»\xa0]"
    return (
        Sign(signs(), f"(?=.{{0,{_APART}}}[{signs()}])"),
        Sign(sole_signs()),
        Sign(HANGUL_CLASS, f"(?:(?=[{HAN_CLASS}])|(?<=[{HAN_CLASS}].))"),
        Sign(f"{symbols}{_CONTROL}", f"(?:(?=.?[{symbols}{_CONTROL}])|(?=[{_LETTER}])|(?<=[{_LETTER}].))"),
        Sign(_DRAWN, f"(?:(?=[{_LETTER}])|(?<=[{_LETTER}].))"),
        Sign(_SELDOM_DRAWN, f"(?=[{_DRAWN}])"),
        Sign(_CAPITAL, f"(?:(?<=[{_SMALL}].)|(?<=[{_LATIN_CAPITAL}].))"),
        Sign(_LEAD, f"(?:(?={following}{{2}})|(?=[ß-öø-ÿ]{{2}}))"),
        Sign(_GREEK, f"(?:(?=[{_LATIN}])|(?<=[{_LATIN}].))"),
        Sign("\ufffd?", f"(?:(?<=[{signs()}].)|(?<=[{_LEAD}]{following}.))"),
    )


@cache
def _symbols() -> str:
    """What bytes are read as that is neither a letter nor usual beside letters."""
    read = set("".join(decoder.chars[0x80:] for decoder in DECODERS.values() if decoder.single)) - {"\ufffe"}
    drawn = re.compile(f"[{_DRAWN}{_CONTROL}]")
    symbols = (char for char in read if char in _LIKE_SYMBOLS or not (char.isalpha() or char in _USUAL))
    return "".join(sorted(char for char in symbols if not drawn.match(char)))


@cache
def pattern() -> re.Pattern[str]:
    """One search for all signs of Chinese, Japanese and Korean text."""
    return _search(_of_ideographs())


@cache
def _any() -> re.Pattern[str]:
    return _search(shown())


def _search(signs: tuple[Sign, ...]) -> re.Pattern[str]:
    """One search for several signs. It opens with a single class, so that ``re`` skips everything else quickly."""
    chars = "".join(sign.chars for sign in signs)
    return re.compile(f"[{chars}](?:{'|'.join(f'(?<=[{sign.chars}]){sign.around}' for sign in signs)})")


def lines(text: str) -> Iterator[Span]:
    """The lines that have a sign, in reading order, without their ends.

    >>> text = "第一行\\n娴嬭瘯\\n第三行"
    >>> [text[slice(*line)] for line in lines(text)]
    ['娴嬭瘯']
    """
    search, at = _any().search, 0
    while found := search(text, at):
        sign = found.start()
        at = sign + 1
        if _is_odd(text, sign):
            end = text.find("\n", sign)
            at = len(text) if end < 0 else end
            yield Span(text.rfind("\n", 0, sign) + 1, at)


def _is_odd(text: str, sign: int) -> bool:
    """Whether what is around a sign looks like mojibake at a glance, if it is of the kind that sound text has too."""
    if not _LETTERS.match(text, sign):
        return True
    around = _ASCII.sub("", text[max(0, sign - _BEFORE) : sign + _BEHIND])
    return unigram_score(around) < ODD * len(around)


def others(text: str, seen: Collection[Span]) -> Iterator[Span]:
    """The lines that are not among ``seen`` and have more than ASCII.

    >>> list(others("娴嬭瘯\\n第二行\\nok", [Span(0, 3)]))
    [Span(start=4, end=7)]
    """
    for match in _BEYOND_ASCII.finditer(text):
        if match.span() not in seen:
            yield Span(*match.span())
