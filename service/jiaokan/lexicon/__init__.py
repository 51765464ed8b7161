"""What Chinese looks like: its characters, their variants and readings, and how plausible a text is.

The language model is shipped, the other tables come from packages; ``SOURCES.md`` beside this file says which. Read
``model_file`` for the file of the model, ``trigrams`` for what it knows, ``prices`` for all that is not Han, ``model``
for how a text is scored; then ``writing`` for text in other languages, ``wordlists`` for what is shipped as lists.
"""

from jiaokan.lexicon.model import START, Context, Scored, char_price, fill_gap, rank, score_per_character, word_price

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
