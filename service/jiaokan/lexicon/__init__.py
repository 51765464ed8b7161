"""What Chinese looks like: its characters, their variants and readings, and how plausible a text is.

The tables come from packages; ``SOURCES.md`` beside this file says which.
"""

from jiaokan.lexicon.words import START, Context, plausibility

__all__ = ["START", "Context", "plausibility"]
