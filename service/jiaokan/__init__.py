"""jiaokan repairs raw scraped Chinese text and accounts for every change.

    >>> import jiaokan
    >>> jiaokan.repair("及貸當(dāng)?shù)厣祥T催收").text
    '及贷当地上门催收'

Read the package in this order: ``edits`` (changes as values), ``spans`` (stretches of a text), ``lexicon`` (what
Chinese looks like), ``charset`` (bytes and text), ``report`` (findings and repairs), ``faults`` (one kind of damage per
file), ``screen`` (what a text can have), ``pipeline`` (repair itself), ``diff`` and ``records`` (repairs made visible);
then ``settings``, ``batch``, ``web`` and ``cli``.
"""

from jiaokan.charset.losses import Loss
from jiaokan.charset.source import Passage, Source
from jiaokan.charset.weighing import Rival
from jiaokan.edits import Edit, Span, apply, compose, invert, locate
from jiaokan.faults.gaps import Pool
from jiaokan.lexicon.scripts import Scripts
from jiaokan.pipeline import detect, pooled, repair
from jiaokan.report import Change, Consent, Fault, Fill, Finding, Repair, Round

__version__ = "0.1.0"

__all__ = [
    "Change",
    "Consent",
    "Edit",
    "Fault",
    "Fill",
    "Finding",
    "Loss",
    "Passage",
    "Pool",
    "Repair",
    "Rival",
    "Round",
    "Scripts",
    "Source",
    "Span",
    "apply",
    "compose",
    "detect",
    "invert",
    "locate",
    "pooled",
    "repair",
]
