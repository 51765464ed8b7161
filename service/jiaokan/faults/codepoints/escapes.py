r"""Escapes that a scraper left undone: ``\u4e2d``, ``%u4E2D``, ``\xe4\xb8\xad``, ``%E4%B8%AD``, ``=E4=B8=AD``.

They stay in source code, JSON and regular expressions, where the escape is in quotation marks or brackets; in URLs and
file paths; in a line about escapes and charsets; and wherever what they stand for is not Chinese. A text in
quoted-printable loses its soft line ends too, once its escapes have shown what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from jiaokan.faults.codepoints.proposals import line, probable
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS, count_han
from jiaokan.lexicon.prices import unigram_score
from jiaokan.report import Finding
from jiaokan.spans import Spans

# A backslash, escaped itself once or several times over.
_SLASH: Final = r"\\{1,8}"
_UNIT: Final = rf"(?:{_SLASH}|%)u[0-9A-Fa-f]{{4}}|{_SLASH}u\{{[0-9A-Fa-f]{{1,6}}\}}"
_BYTE: Final = "[0-9A-Fa-f]{2}"
_UNICODE: Final = re.compile(rf"(?:{_UNIT})(?:(?:{_SLASH}[nrt\"/])*(?:{_UNIT}))*")
_ONE_UNIT: Final = re.compile(rf"(?:{_SLASH}|%)u\{{?(?P<code>[0-9A-Fa-f]+)\}}?|{_SLASH}(?P<short>[nrt\"/])")
_SHORT: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "/": "/"}
_BACKSLASHED: Final = re.compile(rf"(?:{_SLASH}x{_BYTE}){{2,}}")
_PERCENT: Final = re.compile(rf"(?:%{_BYTE}){{2,}}")
_PRINTABLE: Final = re.compile(rf"=[89A-Fa-f][0-9A-Fa-f](?:={_BYTE}|=\r?\n)+")
_HEX: Final = re.compile(rf"(?:{_SLASH}x|[%=])({_BYTE})")
# What mail programs escape beside bytes above 0x7F: the equal sign, blanks at the end of a line, a dot in front of one.
_SINGLE: Final = ("=3D", "=20", "=09", "=2E")
_SOFT_END: Final = re.compile(rf"=\r?\n(?!$)|={_BYTE}")

_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_TEXT: Final = re.compile(f"[{HAN_CLASS}{MARK_CLASS}]")
# So many Han characters speak for themselves; fewer need Chinese beside them.
_ENOUGH: Final = 2
# log10 of what a character of what is decoded costs at most, by itself: Chinese costs 2.5 to 3.5.
_PLAUSIBLE: Final = -4.5
_ABOUT: Final = re.compile(
    r"unicode|utf-?8|utf-?16|gbk|gb2312|gb18030|json|ascii|escape|regex|encod|decod|转义|轉義|编码|編碼|解码|解碼|码位|碼位|码点|正则|正規|"
    r"字符集|字元集|字节|位元組|十六进制|十六進|quoted-printable|percent",
    re.IGNORECASE,
)
# In code and data an escape stands in a literal or in a class of characters, with something of the language beside it.
_OPENED: Final = re.compile(r"[\"'`\[][^\"'`\[\]\n]*$")
_SYNTAX: Final = re.compile(
    r"[{}=<>\[\]]|[(;,:]\s*[\"'`]|[\"'`]\s*[);,:]|^\s*[\"'`]|[\"'`]\s*$|//|\b(?:print|return|var|let)\b"
)
_IN_CODE: Final = re.compile(r"[0-9A-Fa-f]-$|[\[^]$|\b[bBrRuU][\"'`]$|^\s*[\w.-]+ ?[=:] ?$", re.ASCII)
_CODE_BEHIND: Final = re.compile(r"-[\\%]|[\]*+?{]")
# What a URL or a path has about it, without blanks.
_WORD_BEFORE: Final = re.compile(r"[!-~]{0,100}$")
_WORD_AFTER: Final = re.compile(r"[!-~]{0,100}")
_ADDRESS: Final = re.compile(r"[/?&=@\\]|:(?=.)|^\+|\+$|%[0-9A-Fa-f]{2}\.")


def find(text: str) -> Iterator[Finding]:
    r"""Every run of escapes in running text that stands for Chinese.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find(r"\u4e2d\u6587网页，%E5%A5%BD%E7%9A%84")]
    [('\\u4e2d\\u6587', '中文'), ('%E5%A5%BD%E7%9A%84', '好的')]
    """
    if "\\" in text or "%u" in text:
        yield from _decoded(text, _UNICODE, _of_units, "escapes of code points")
    if "\\" in text:
        yield from _decoded(text, _BACKSLASHED, _of_bytes, "escapes of bytes")
    if "%" in text:
        yield from _decoded(text, _PERCENT, _of_bytes, "bytes escaped as in a URL")
    if "=" in text:
        yield from _quoted_printable(text)


def _decoded(text: str, pattern: re.Pattern[str], decode: Callable[[str], str | None], what: str) -> Iterator[Finding]:
    for m in pattern.finditer(text):
        meant = decode(m.group())
        if meant is not None and _is_chinese(text, m, meant) and not _stays(text, m):
            yield probable(m, meant, f"{_shown(m.group())} is {what} for {_shown(meant)}")


def _quoted_printable(text: str) -> Iterator[Finding]:
    """Runs of escapes with the soft line ends in them, then the single escapes and soft line ends about those."""
    decoded = [*_decoded(text, _PRINTABLE, _of_bytes, "quoted-printable")]
    yield from decoded
    runs = Spans(finding.span for finding in decoded)
    for m in _SOFT_END.finditer(text) if runs else ():
        if not runs.covers(m.start()):
            if m.group()[1:].strip() == "":
                yield probable(m, "", "a soft line end of quoted-printable")
            elif m.group() in _SINGLE:
                yield probable(m, _of_bytes(m.group()) or "", f"{m.group()} is quoted-printable")


def _of_units(run: str) -> str | None:
    r"""What escapes of code points or of halves of pairs stand for.

    >>> _of_units(r"\u4e2d%u6587"), _of_units(r"\ud83d\ude00")
    ('中文', '😀')
    """
    codes = []
    for m in _ONE_UNIT.finditer(run):
        code = int(m["code"], 16) if m["code"] else ord(_SHORT[m["short"]])
        if code > 0x10FFFF:
            return None
        codes.append(chr(code))
    try:
        return "".join(codes).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None


def _of_bytes(run: str) -> str | None:
    r"""What escapes of bytes stand for in UTF-8, else in GBK.

    >>> _of_bytes("%E4%B8%AD"), _of_bytes("=D6=D0=\n=CE=C4"), _of_bytes(r"\xff\xfe")
    ('中', '中文', None)
    """
    raw = bytes.fromhex("".join(_HEX.findall(run)))
    for charset in ("utf-8", "gbk"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return None


def _is_chinese(text: str, m: re.Match[str], meant: str) -> bool:
    """Whether what is meant can be shown, and is Chinese, by itself or because of what stands beside it."""
    if not all(char.isprintable() or char in "\n\r\t\u3000\xa0\u200b" for char in meant):
        return False
    beside = text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 1]
    if count_han(meant) >= _ENOUGH or (_HAN.search(meant) and _TEXT.search(beside)):
        return unigram_score("".join(_HAN.findall(meant))) >= _PLAUSIBLE * count_han(meant)
    return not meant.isascii() and _HAN.search(beside) is not None


def _stays(text: str, m: re.Match[str]) -> bool:
    around = line(text, m)
    before = text[max(0, m.start() - len(around)) : m.start()].rpartition("\n")[2]
    word = (_WORD_BEFORE.search(before), _WORD_AFTER.match(text, m.end()))
    in_address = any(found is not None and _ADDRESS.search(found.group()) for found in word)
    in_literal = _OPENED.search(before) is not None and _SYNTAX.search(around.replace(m.group(), "")) is not None
    in_code = _IN_CODE.search(before) is not None or _CODE_BEHIND.match(text, m.end()) is not None
    return in_literal or in_code or (m.group()[0] == "%" and in_address) or _ABOUT.search(around) is not None


def _shown(run: str, most: int = 12) -> str:
    return run if len(run) <= most else run[:most] + "…"
