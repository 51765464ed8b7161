"""ASCII marks between Han characters, made fullwidth where the caller asks for it.

A mark belongs to Chinese text if a Han character stands before it, or a Latin word in a Chinese clause and a Han
character behind it. The one blank that a typist put behind it goes with it. Parentheses are made fullwidth in pairs.

Marks stay in numbers, times and ratios, URLs, addresses and names of files, in code, in Latin phrases and faces, in
Japanese and Korean. Quotation marks stay everywhere: ASCII does not say which of them open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.codepoints.proposals import BY_NEIGHBOURS, NEAR, line, neighbours
from jiaokan.lexicon.hanzi import HAN_CLASS, count_han, is_han
from jiaokan.lexicon.languages import foreign
from jiaokan.report import Consent, Fault, Finding
from jiaokan.spans import Spans

_WIDE: Final = str.maketrans(",.:;?!", "，。：；？！")
_RUN: Final = re.compile("[,.:;?!]+")
_DOTS: Final = re.compile(r"\.{3,}")
_ELLIPSIS: Final = "……"
_TWO_DOTS: Final = ".."  # nothing fullwidth is like them
_OPENING: Final = "“‘（《〈「『【"
_CHINESE: Final = re.compile(f"[{HAN_CLASS}”’）》〉」』】％，。！？；：、…]")
_GOES_ON: Final = re.compile(f"[{HAN_CLASS}{_OPENING}]|[A-Za-z][A-Za-z0-9]{{0,19}}[{HAN_CLASS}]")
# A word or a number on which a Chinese sentence ends, with nothing behind its mark.
_LAST_WORD: Final = re.compile(f"[{HAN_CLASS}，：、][A-Za-z0-9.:%+-]{{1,20}}$")
# Behind a mark: what makes it the dot of 报告.docx, the query of a URL, a comparison, a path.
_NO_MARK: Final = re.compile(r"(?<=\.)(?:[a-z0-9_]|[A-Z0-9]{2,4}\b)|(?<=\?)[A-Za-z_]+=|[=/\\]", re.ASCII)
_FACE: Final = re.compile(r"[:;][-^']?(?:[)DPp|](?![A-Za-z])|\((?![^()\n]*\)))")
# A Chinese sentence that goes on with something Latin; before a colon or a dot, with a word of three letters at least.
_SENTENCE: Final = re.compile(f"[{HAN_CLASS}][^\n。！？；!?;]*$")
_LETTER: Final = re.compile("[A-Za-z]")
_WORD: Final = re.compile(r"[A-Za-z]{3,}$")
_ABBREVIATED: Final = re.compile(r"(?<![A-Za-z])(?:vol|fig|inc|ltd|www|mrs|etc|no|co|vs)$", re.IGNORECASE)
_PAIR: Final = re.compile(r"\((?P<inner>[^()\n]{1,200})\)")

# Where ASCII is to be as it is: addresses, what stands between backticks, and lines of code.
_ADDRESS: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{0,15}://[!-~]*[A-Za-z0-9/#=&%_-]|www\.[!-~]*[A-Za-z0-9/]|[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|`[^`\n]+`",
    re.ASCII,
)
_CODE: Final = re.compile(
    r"[{}\\]|[=!]=|[-=]>|\b[a-z]\+\+|&&|\|\||</?[A-Za-z]|[\w)\"'] ?= ?[\w(\"'\[].*;\s*$"
    r"|\w\([ -'*-~]*\)\s*[;.{:]|\w\([^()\n]*\);\s*$"
    r"|^\s*(?:#include|import|from|def|return|print|echo|sudo|SELECT|INSERT|UPDATE|\$|>>>|//)\W",
    re.ASCII,
)
_FULLWIDTH: Final = "ASCII marks in Chinese text, asked to be fullwidth"


def find(text: str) -> Iterator[Finding]:
    """Every ASCII mark of Chinese text, with the fullwidth one.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("你好, 世界(World)! 1,000米,10:30。")]
    [(', ', '，'), (',', '，'), ('(', '（')]
    """
    kept = Spans((*foreign(text), *(m.span() for m in _ADDRESS.finditer(text))))
    for pattern, is_chinese, made in ((_RUN, _is_mark, _marks), (_PAIR, _is_pair, _parentheses)):
        for m in pattern.finditer(text):
            if is_chinese(m) and not kept.covers(m.start()) and not _CODE.search(line(text, m)):
                yield Finding(Fault.CODEPOINTS, made(m), Consent.PROBABLE, BY_NEIGHBOURS, _FULLWIDTH)


def _is_mark(m: re.Match[str]) -> bool:
    """Whether a mark, or several in a row, belong to Chinese text."""
    before, _ = neighbours(m.string, m)
    if m.group() == _TWO_DOTS or _NO_MARK.match(m.string, m.end()) or _FACE.match(m.string, m.end() - 1):
        return False
    if before == " ":  # one that is left where a word was dropped, perhaps
        return is_han(m.string[m.start() - 2 : m.start() - 1]) and is_han(m.string[m.end() : m.end() + 1])
    return _CHINESE.match(before) is not None or (before.isascii() and _ends_clause(m))


def _ends_clause(m: re.Match[str]) -> bool:
    """Whether marks behind something Latin stand in Chinese text, and more of that follows, or the line ends."""
    before = m.string[max(0, m.start() - NEAR) : m.start()]
    if m.string[m.end() : m.end() + 1] in ("", "\n"):
        return _LAST_WORD.search(before) is not None and _ABBREVIATED.search(before) is None
    if not before or before[-1].isspace() or _GOES_ON.match(m.string, _behind(m)) is None:
        return False
    if m.group() in (".", ":"):
        return _WORD.search(before) is not None and _ABBREVIATED.search(before) is None and _goes_on(m)
    around = line(m.string, m)
    return _goes_on(m) or 2 * count_han(around) >= len(_LETTER.findall(around))


def _marks(m: re.Match[str]) -> tuple[Edit, ...]:
    wide = _DOTS.sub(_ELLIPSIS, m.group()).translate(_WIDE)
    return (Edit.at(m.start(), m.string[m.start() : _behind(m)], wide),)


def _behind(m: re.Match[str]) -> int:
    """Where the text goes on behind a mark and the blank that a typist put there."""
    end = m.end()
    return end + 1 if m.string[end : end + 1] == " " and m.string[end + 1 : end + 2].strip() else end


def _is_pair(m: re.Match[str]) -> bool:
    """Whether parentheses stand in Chinese text: behind it, or around it and not behind the name of a function."""
    before, after = neighbours(m.string, m)
    if _CHINESE.match(before):
        return not _FACE.match(m.string, m.start() - 1)
    if not _CHINESE.search(m["inner"]):
        return False
    is_name = before.isascii() and not before.isspace()
    return not is_name or _CHINESE.match(after) is not None or _goes_on(m)


def _goes_on(m: re.Match[str]) -> bool:
    """Whether a match stands in a sentence that began in Chinese."""
    return _SENTENCE.search(m.string, max(0, m.start() - NEAR), m.start()) is not None


def _parentheses(m: re.Match[str]) -> tuple[Edit, ...]:
    return Edit.at(m.start(), "(", "（"), Edit.at(m.end() - 1, ")", "）")
