"""Code points that say nothing, or say in a private or outdated way what a standard character says.

Each kind has a file of its own, which says where its characters are right and stay: ``invisible`` (controls,
characters without width, surrogates), ``references`` (of HTML), ``escapes`` (``\\u4e2d``, ``%E4%B8%AD``,
quoted-printable), ``twins`` (compatibility ideographs, radicals), ``private`` (private use of GBK, GB 18030 and HKSCS),
``forms`` (fullwidth letters and digits, vertical and small marks), ``spaces`` (those that are no plain blank),
``blanks`` (between Han characters and before marks), and where it is asked for ``ascii_marks`` (made fullwidth).
All of them yield findings made in ``proposals``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from jiaokan.faults.codepoints import ascii_marks, blanks, escapes, forms, invisible, private, references, spaces, twins
from jiaokan.options import Punctuation
from jiaokan.report import Finding

_KINDS: Final[tuple[Callable[[str], Iterator[Finding]], ...]] = (
    invisible.find,
    references.find,
    escapes.find,
    twins.find,
    private.find,
    forms.find,
    spaces.find,
    blanks.find,
)


def find(text: str, punctuation: Punctuation = "keep") -> list[Finding]:
    """Every code point to be dropped or replaced, in reading order.

    >>> [(f.edits[0].before, f.edits[0].after) for f in find("列夫&middot;托尔斯泰，第\u2f00卷")]
    [('&middot;', '·'), ('⼀', '一')]
    >>> [(f.edits[0].before, f.edits[0].after) for f in find("你好,世界", punctuation="fullwidth")]
    [(',', '，')]
    """
    kinds = (*_KINDS, ascii_marks.find) if punctuation == "fullwidth" else _KINDS
    found = (finding for look in kinds for finding in look(text))
    return sorted(found, key=lambda finding: (finding.edits[0].start, -finding.confidence))
