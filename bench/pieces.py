"""Pieces of clean text cut by lot, of any length and language: what the benches encode, garble and give back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from random import Random
from typing import Final

from corpus import LANGUAGES, SOURCES, documents, paragraphs

# Shares of the Chinese sources: as in accuracy.py.
SHARES: Final = {"news": 0.35, "reviews": 0.30, "office": 0.18, "novel": 0.10, "debian": 0.05, "gnome": 0.02}
_LONGEST_FIELD: Final = 40  # a piece no longer than this is of one line
_CLAUSE: Final = re.compile(r"[，。！？；：、\n]+|(?<=[.!?;:,])\s+")
_HALF: Final = 0.5
# The letters of a language, and the share of a piece that must be of them; Western ones need a letter beyond ASCII.
_LETTERS: Final = {
    "Chinese": (re.compile(r"[\u3400-\u9fff]"), _HALF),
    "Japanese": (re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"), _HALF),
    "Korean": (re.compile(r"[\uac00-\ud7a3]"), _HALF),
    "Russian": (re.compile(r"[\u0400-\u04ff]"), _HALF),
}
_BEYOND_ASCII: Final = re.compile(r"[^\W\d_\x00-\x7f]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")


def pieces(language: str, least: int, most: int, seed: str) -> Iterator[str]:
    """Pieces of ``least`` to ``most`` characters without end, half of them from the start of a clause, half from
    anywhere; in the letters of the language by half at least, with no blank at either end."""
    draw = Random(f"{seed} {language} {least} {most}")
    while True:
        text = _running(_source(language, draw))
        length = draw.randint(least, most)
        at = draw.randrange(len(text) - length)
        if draw.random() < _HALF:
            clause = _CLAUSE.search(text, at)
            at = clause.end() if clause else at
        piece = text[at : at + length]
        if len(piece) == length and _is_sound(piece, language):
            yield piece


def some(language: str, least: int, most: int, number: int, seed: str) -> list[str]:
    """The first ``number`` of the pieces."""
    return list(islice(pieces(language, least, most, seed), number))


def _source(language: str, draw: Random) -> str:
    return draw.choices([*SHARES], [*SHARES.values()])[0] if language == "Chinese" else language


@cache
def _running(source: str) -> str:
    """A whole source as one text."""
    if source in SOURCES:
        return "\n".join(documents(source))
    assert source in LANGUAGES
    return "\n".join(paragraphs(source))


def _is_sound(piece: str, language: str) -> bool:
    if piece != piece.strip() or (len(piece) <= _LONGEST_FIELD and "\n" in piece):
        return False
    if language == "Japanese" and not _KANA.search(piece):
        return False
    letters, share = _LETTERS.get(language, (_BEYOND_ASCII, 0))
    return len(letters.findall(piece)) >= max(1, share * len(piece))
