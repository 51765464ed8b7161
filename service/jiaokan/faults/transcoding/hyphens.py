"""Soft hyphens that a page lost: the byte AD of a pair was read as one, nobody saw it, and what follows is out of step.

A run of letters that were pairs of bytes has an even number of them. Where one has not, the hyphen is put back wherever
a pair can have lost its second half, and the likeliest place is taken.
"""

from __future__ import annotations

import re
from typing import Final

from jiaokan.edits import Edit
from jiaokan.faults.transcoding.channels import Channel
from jiaokan.lexicon.glance import unigram_score
from jiaokan.lexicon.writing import text_score

SOFT_HYPHEN: Final = "\xad"
# log10 of how seldom a run lost one: a hundredth of the pairs of Chinese end in AD, and few pages lose them.
LOST_HYPHEN: Final = -2.0
# The longest run that is tried at every place, and the shortest, in characters of the page.
_LONGEST: Final = 200
_SHORTEST: Final = 5
# Places that are weighed by the language model, the best at a glance.
_MOST_PLACES: Final = 8

_RUN: Final = re.compile(r"[^\x00-\x7f]+")


def with_hyphens(line: str, channel: Channel) -> tuple[list[Edit], float] | None:
    """What undoes a line that lost soft hyphens, and log10 of how seldom that is; ``None`` if it cannot have.

    >>> from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS
    >>> garbled = "开机动画和参数".encode("gbk").decode("latin-1").replace(SOFT_HYPHEN, "")
    >>> with_hyphens(garbled, Channel(ENCODERS["GBK"], DECODERS["Latin-1"]))[0][0].after
    '开机动画和参数'
    """
    if channel.written.proves or not channel.read.single or channel.read.chars[0xAD] != SOFT_HYPHEN:
        return None
    runs = [*_RUN.finditer(line)]
    odd = [run for run in runs if len(run.group()) % 2 and _SHORTEST <= len(run.group()) <= _LONGEST]
    if not odd:
        return None
    edits = []
    for run in runs:
        undone = _put_back(run.group(), channel) if run in odd else channel.undo(run.group())
        if undone is not None and unigram_score(undone) > unigram_score(run.group()):
            edits.append(Edit.at(run.start(), run.group(), undone))
    return (edits, LOST_HYPHEN * len(odd)) if edits else None


def _put_back(run: str, channel: Channel) -> str | None:
    """The likeliest text of a run with one hyphen put back."""
    tried = (channel.undo(run[:at] + SOFT_HYPHEN + run[at:]) for at in range(1, len(run), 2))
    ranked = sorted((text for text in tried if text is not None), key=unigram_score, reverse=True)[:_MOST_PLACES]
    return max(ranked, key=text_score, default=None)
