"""Character references of HTML that a scraper took for text, escaped once or several times over.

They stay in HTML source, where one is quoted as an example, in a line about HTML, and in a line without Han.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.faults.codepoints.proposals import HAN, line, neighbours, probable, suggested
from jiaokan.lexicon.hanzi import HAN_CLASS, MARK_CLASS
from jiaokan.report import Finding

_NUMBER: Final = "#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}"
# Names that pages write without the semicolon; behind any other name it tells a reference from R&D.
_BARE: Final = "nbsp|ensp|emsp|quot|middot|[lr][ds]quo|hellip|mdash|bull"
# A reference can have been escaped again and again: &amp;amp;middot; A semicolon can be missing, or be made fullwidth.
_REFERENCE: Final = re.compile(
    f"&(?:amp;)*(?:(?:[A-Za-z][A-Za-z0-9]{{1,24}}|{_NUMBER});"
    f"|(?:{_BARE})；"
    f"|(?:{_BARE}|#[0-9]{{4,5}}|#[xX][0-9A-Fa-f]{{4}})(?=[{HAN_CLASS}{MARK_CLASS}\\s&]|$))"
)
_ESCAPED_AGAIN: Final = re.compile("(?:amp;)+(?=.)")
_MARKUP: Final = re.compile(r"<(?:[A-Za-z!?]|/[A-Za-z])")
_QUOTED: Final = re.compile(r"[`'\"“‘「『（(][^`'\"”’」』）)\s]{0,3}$")
_ABOUT_HTML: Final = re.compile(r"HTML|XML|实体|實體|转义|轉義|字符引用|entit", re.IGNORECASE)


def find(text: str) -> Iterator[Finding]:
    """Every reference in running text.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("列夫&amp;middot;托尔斯泰&#20889;的")]
    [('&amp;middot;', '·'), ('&#20889;', '写')]
    """
    if _MARKUP.search(text) or not _REFERENCE.search(text):
        return
    from ftfy.fixes import unescape_html  # here, because few texts need it and it takes a tenth of a second to import

    for m in _REFERENCE.finditer(text):
        written = _ESCAPED_AGAIN.sub("", m.group()).rstrip(";；") + ";"
        meant = unescape_html(written)
        if meant == written or "\ufffd" in meant or not all(char.isprintable() or char.isspace() for char in meant):
            continue
        around = line(text, m)
        is_chinese = HAN.search(meant) or HAN.search(around) or HAN.search(unescape_html(around))
        if not is_chinese or _is_example(text, m) or _ABOUT_HTML.search(around):
            continue
        meant = " " if meant == "\u00a0" else meant
        why = f"{m.group()} is a character reference of HTML"
        yield (suggested if meant in "<>" else probable)(m, meant, why)


def _is_example(text: str, m: re.Match[str]) -> bool:
    return _QUOTED.search(text, max(0, m.start() - 4), m.start()) is not None and not neighbours(text, m)[1].isalnum()
