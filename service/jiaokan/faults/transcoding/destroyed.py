"""What is left where text was destroyed before: U+FFFD, the mark for a byte that says nothing, itself read wrongly.

锟斤拷 was two of these marks. What they stood for is gone. It is named, kept, and never invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.transcoding.acceptance import is_about
from jiaokan.faults.transcoding.channels import DECODERS, Decoder
from jiaokan.report import Consent, Fault, Finding

_MARK: Final = "\ufffd".encode()
# Of other decoders nothing is left that could not be something else: Shift_JIS makes a U+FFFD and halfwidth kana of it.
_DECODERS: Final = (
    *("GBK", "Big5", "EUC-KR", "EUC-JP"),
    *("cp1252", "cp1251", "KOI8-R", "cp437", "Mac Roman", "cp866", "cp1250"),
)


def _residue(decoder: Decoder) -> str:
    """What the least number of marks that are whole characters were read as: of one, or of two in pairs of bytes."""
    return (_MARK if decoder.single else _MARK * 2).decode(decoder.codec)


RESIDUES: Final = {_residue(DECODERS[name]): name for name in _DECODERS}
# It opens with a class, so that ``re`` skips everything else quickly.
_OPENS: Final = "".join(residue[0] for residue in RESIDUES)
_GOES_ON: Final = "|".join(f"(?<={residue[0]}){residue[1:]}(?:{residue})*" for residue in RESIDUES)
DESTROYED: Final = re.compile(f"[{_OPENS}](?:{_GOES_ON})")


def find_destroyed(text: str) -> Iterator[Finding]:
    """Every run of what is left of U+FFFD, unless its line speaks of such things; edits that change nothing.

    >>> [(f.edits[0].before, f.evidence) for f in find_destroyed("他说锟斤拷锟斤拷了。")]
    [('锟斤拷锟斤拷', 'destroyed before: U+FFFD written in UTF-8, read as GBK')]
    """
    for match in DESTROYED.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        line = text[start : end if end >= 0 else len(text)]
        if is_about(DESTROYED.sub(" ", line)):
            continue
        residue = next(residue for residue in RESIDUES if match.group().startswith(residue))
        evidence = f"destroyed before: U+FFFD written in UTF-8, read as {RESIDUES[residue]}"
        edit = Edit.at(match.start(), match.group(), match.group())
        yield Finding(Fault.TRANSCODING, (edit,), Consent.SUGGESTED, 1.0, evidence)


def beside_residues(line: str, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits of a line that change more than what is left of U+FFFD: ï¿½ twice is not 锟斤拷 in GBK.

    >>> beside_residues("本店ï¿½ï¿½点", (Edit.at(2, "ï¿½ï¿½", "锟斤拷"),))
    ()
    """
    residues = [match.span() for match in DESTROYED.finditer(line)]
    if not residues:
        return edits
    return tuple(edit for edit in edits if not any(one <= edit.start and edit.end <= end for one, end in residues))
