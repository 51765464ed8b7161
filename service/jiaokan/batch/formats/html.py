"""The text of a page of HTML.

Rules of this file: nothing that a reader of the page would see as text is left out, nothing is put in, and neither
scripts nor style sheets are text.
"""

from __future__ import annotations

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from jiaokan.records import to_utf8


def text_of(page: str) -> str:
    """The title, and below it the text of the whole page, its paragraphs and other blocks on lines of their own.

    All of it, not only what a heuristic takes for the main content, since on Chinese pages that leaves out half of a
    forum; hidden elements too, because what a style sheet shows is not known. What is left out: addresses of links,
    and the fields of forms. What is not put in: bullets and the numbers of lists.

    >>> text_of("<title>問題</title><h1>數據</h1><p>現在<b>開始</b><script>var a</script>")
    '問題\\n數據\\n\\n現在開始'
    """
    tree = HTMLTree.parse_from_bytes(to_utf8(page), "utf-8")
    body = extract_plain_text(
        tree, preserve_formatting=True, main_content=False, list_bullets=False, alt_texts=True, noscript=True
    )
    title = tree.title or ""
    return body if not title or body.startswith(title) else f"{title}\n{body}"
