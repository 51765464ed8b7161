"""What a word in an alphabet cannot be: by this, bytes of Chinese that happen to be UTF-8 are told from letters.

Two bytes of GBK, Big5 or Shift_JIS that can be UTF-8 give any letter from ¡ to U+07FF, and next to them others that
cannot: Òͳ, Æäʵ¶Ô. No word has letters of two alphabets, or letters that no alphabet has, or odd ones left over.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, name

# Letters of old, of dictionaries and of phoneticians: Latin Extended-B but for those of Vietnamese, pinyin, Romanian,
# Gothenburg's ǥ and its like; IPA and modifiers; Greek numerals and Coptic; Cyrillic of the Church and of few.
_UNUSED: Final = re.compile(
    "[\u0180-\u018e\u0190-\u019f\u01a2-\u01ae\u01b1-\u01cc\u01dd-\u01e3\u01e8-\u0217\u021c-\u0258\u025a-\u02c5\u02c8-\u02d7"
    "\u0363-\u0373\u0376-\u0379\u037b-\u037d\u037f-\u0383\u03cf-\u03ff\u0460-\u0489\u0500-\u052f\u0600-\u0605\u07c0-\u07ff]"
)
_ODD: Final = ("Cn", "Co", "Cf", "Cs", "Cc")
_JOINERS: Final = "\u200c\u200d\u200e\u200f\ufeff\xad"
_CONTROL: Final = re.compile("[\x80-\x9f]")
# A byte that was lost in a word, where nothing else was restored: Sloven\ufffdina, and not B\ufffdG amid Chinese.
_BESIDE_LETTERS: Final = re.compile("[a-z]{2}\ufffd|\ufffd[a-z]{2}")
# A word between quotes, with marks behind it: what control characters may turn into.
_QUOTED: Final = re.compile(r"[–—…•]|[“‘„\"'(\[]*\w+(?:[’'-]\w+)*[’”“…–—.,;:!?\"')\]]*")


def is_word(before: str, after: str, *, consistent: bool) -> bool:
    """Whether ``before`` can have been the word ``after``, all of whose bytes are accounted for if ``consistent``.

    >>> is_word("ÒÍ³", "Òͳ", consistent=False), is_word("Dağı’nÄ±n", "Dağı’nın", consistent=False)
    (False, True)
    """
    if _UNUSED.search(after) or any(category(char) in _ODD for char in set(after) - set(before) - set(_JOINERS)):
        return False
    if _mixes_alphabets(after) or 2 * after.count("\ufffd") > len(after.strip()) > 0:
        return False
    if "\ufffd" in before and not set(after) - set(before) - {"\ufffd"} and not _BESIDE_LETTERS.search(after):
        return False
    if consistent or any(char > "\uffff" for char in after):  # emoji, which are four bytes or six
        return True
    if any(char.isupper() and not char.isascii() for char in set(before) & set(after)):
        return False
    return not _CONTROL.search(before) or _QUOTED.fullmatch(after.rstrip()) is not None


def _mixes_alphabets(word: str) -> bool:
    """Whether letters beyond ASCII are of more than one alphabet."""
    alphabets = {name(char, "").partition(" ")[0] for char in word if char.isalpha() and not char.isascii()}
    return len(alphabets - {"FEMININE", "MASCULINE", "MICRO", "MODIFIER"}) > 1 or any(
        char.isalpha() and char > "\uffff" for char in word
    )
