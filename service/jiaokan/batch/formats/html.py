"""The text of a page of HTML.

Rules of this file: nothing that a reader of the page would see as text is left out, nothing is put in, and neither
scripts nor style sheets are text; no page takes more memory than a worker may have.
"""

from __future__ import annotations

import re
from typing import Final

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from jiaokan.records import to_utf8

# Characters of markup in a page, an attribute with a quoted value as four: each takes 70 to 110 bytes of memory while
# the page is read, so these take 160 MB at most.
_MARKUP: Final = 1_500_000
# And in one tag: a tag of 10,000 attributes takes half a second, of 80,000 half a minute.
_LONGEST_TAG: Final = 64 * 1024
_SCRIPT, _SCRIPT_ENDS = "<script", "</script"
_QUOTED: Final = r"""\s[^\s=>"'/]+\s*=\s*(?:"[^"]*"|'[^']*')"""
_TAG: Final = re.compile(rf"<[a-z/!?](?:{_QUOTED}|\s|[^>\s]+)*")
_ATTRIBUTE: Final = re.compile(_QUOTED)
_COUNTED: Final = "a=''"


class PageError(ValueError):
    """A page that would take too much to read; the message says of what."""


def text_of(page: str) -> str:
    """The title, and below it the text of the whole page, its paragraphs and other blocks on lines of their own.

    All of it, not only what a heuristic takes for the main content; hidden elements too, because what a style sheet or
    a script shows is not known. What is left out: the addresses of links, and the fields of forms. What is not put in:
    bullets and the numbers of lists.

    >>> text_of("<title>問題</title><h1>數據</h1><p>現在<b>開始</b><script>var a</script>")
    '問題\\n數據\\n\\n現在開始'

    Raises:
        PageError: the page has too much markup.
    """
    if len(page) > _LONGEST_TAG:
        _check(page)
    tree = HTMLTree.parse_from_bytes(to_utf8(page), "utf-8")
    body = extract_plain_text(
        tree, preserve_formatting=True, main_content=False, list_bullets=False, alt_texts=True, noscript=True
    )
    title = tree.title or ""
    return body if body.startswith(title) else f"{title}\n{body}"


def _check(page: str) -> None:
    """Raise ``PageError`` if there is too much markup in a page."""
    total = 0
    for part in _unscripted(page.lower()):
        for tag in _TAG.findall(part):
            size = len(_ATTRIBUTE.sub(_COUNTED, tag))
            if size > _LONGEST_TAG:
                raise PageError(f"a tag has {size:,} characters of markup, and it may have {_LONGEST_TAG:,}")
            total += size
    if total > _MARKUP:
        raise PageError(f"it has {total:,} characters of markup, and a page may have {_MARKUP:,}")


def _unscripted(page: str) -> list[str]:
    """A page in lower case, without its scripts."""
    parts, start = list[str](), 0
    while (end := page.find(_SCRIPT, start)) >= 0:
        parts.append(page[start:end])
        start = page.find(_SCRIPT_ENDS, end)
        if start < 0:
            return parts
    return [*parts, page[start:]]
