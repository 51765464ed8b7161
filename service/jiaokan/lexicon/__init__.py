"""What Chinese looks like: its characters, their variants and readings, and how plausible a text is.

The language model is shipped, the other tables come from packages; ``SOURCES.md`` beside this file says which. Read
``packed`` for the file of the model, ``trigrams`` for what it knows, ``context`` for how a text is scored, and
``plausibility`` for what is asked of it; then ``letters``, ``writing`` and ``glance`` for text in other languages, and
``signs`` for the characters that only mojibake has.
"""

from jiaokan.lexicon.context import START, Context
from jiaokan.lexicon.plausibility import (
    Scored,
    char_price,
    fill_gap,
    rank,
    score_per_character,
    word_price,
)

__all__ = [
    "START",
    "Context",
    "Scored",
    "char_price",
    "fill_gap",
    "rank",
    "score_per_character",
    "word_price",
]
