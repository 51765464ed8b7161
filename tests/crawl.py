"""A small crawl made of the corpus in ``fixtures/``: sound pages in the charsets of the web, and damaged ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle, islice
from typing import Final

from stories import CLEAN, DAMAGED, cases

# Charsets in turn, about as often as pages of this kind are in them.
CHARSETS: Final = ("utf-8", "utf-8", "gb18030", "utf-8", "utf-8", "gb18030", "utf-8", "big5", "utf-8", "utf-16")
# Lines of a page cut out of a long one, lines from one such page to the next, which repeats some as the pages of a site
# do, and how many short texts make a page.
LINES: Final = 14
STEP: Final = 7
TEXTS: Final = 6


def crawl() -> Iterator[tuple[str, bytes]]:
    """The pages: what each is called, and its bytes. The same every time."""
    charsets = cycle(CHARSETS)
    sound = [case.source for case in cases(CLEAN)]
    texts = iter(sound)
    numbers = count(1)
    while page := "\n".join(islice(texts, TEXTS)):
        yield f"https://example.org/clean/{next(numbers)}", encoded(page, next(charsets))
    for folder in DAMAGED:
        for case in cases(folder):
            lines = case.source.splitlines(keepends=True)
            for first in range(0, max(1, len(lines) - STEP), STEP):
                page = "".join(lines[first : first + LINES])
                yield f"https://example.com/{folder}/{next(numbers)}", encoded(page, next(charsets))


def encoded(text: str, charset: str) -> bytes:
    """The text in the charset, or in UTF-8 if that lacks one of its characters."""
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
