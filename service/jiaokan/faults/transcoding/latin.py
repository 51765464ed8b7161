"""Text in alphabets that was written in UTF-8 and read byte by byte: cafÃ© for café.

This is what ftfy is made for, and ftfy does it. What is decided here is on what it is set, and what is believed of what
it says: never what it would do to Chinese, and nothing that does not read clearly better than before. Two bytes of GBK,
Big5 or Shift_JIS that can be UTF-8 give any letter from ¡ to U+07FF, and next to them others that cannot: no word has
letters of two alphabets, or letters that no alphabet has, or odd ones left over.

Rules of this file: ftfy sees a stretch without Han, kana or hangul, because it decides for all that it is given; its
answer is taken word by word; a word that is still odd afterwards was not understood and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple
from unicodedata import category, name

from jiaokan.edits import Edit, Span
from jiaokan.faults.transcoding.acceptance import is_example
from jiaokan.faults.transcoding.channels import DECODERS, ENCODERS, Channel, Decoder, explained
from jiaokan.faults.transcoding.destroyed import DESTROYED
from jiaokan.faults.transcoding.hypotheses import Hypothesis
from jiaokan.faults.transcoding.stretches import PROOF, trimmed
from jiaokan.lexicon.hanzi import HAN_CLASS, HANGUL_CLASS, KANA_CLASS
from jiaokan.lexicon.writing import text_score
from jiaokan.report import Consent, Fault, Finding

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


# log10 of how much likelier a word has to read: voilÃ for voilà, its no-break space made a blank, gains 3.4.
LEAST_GAIN: Final = 3.0
# Characters of UTF-8 from which a line is proven.
PROVEN: Final = 4
# log10 by which it is likelier that bytes which can be UTF-8 are. A word of a few letters and a sign cost about as much
# as the Han character that such bytes are in GBK: Г‚ВЈ5 is £5, and not 贈5.
_RATHER_PROVEN: Final = 4.0
# log10 of how seldom a control character from 80 to 9F stands in a text: the model knows none, and prices it as it does
# a rare sign.
_CONTROL_BESIDE: Final = 3.0
# How deep text is read wrongly over and over.
_DEEPEST: Final = 4
# The decoders of ``channels`` and three more, in which only text in alphabets is met.
_CHANNELS: Final = tuple(
    Channel(ENCODERS["UTF-8"], decoder)
    for decoder in (
        *(decoder for decoder in DECODERS.values() if decoder.single),
        Decoder("cp1253", "cp1253", single=True),
        Decoder("cp1257", "cp1257", single=True),
        Decoder("ISO-8859-2", "iso8859-2", single=True),
    )
)
# What ftfy calls them.
_NAMES: Final = {
    "latin-1": "Latin-1",
    "sloppy-windows-1252": "cp1252",
    "windows-1252": "cp1252",
    "sloppy-windows-1251": "cp1251",
    "sloppy-windows-1250": "cp1250",
    "sloppy-windows-1253": "cp1253",
    "sloppy-windows-1254": "cp1254",
    "sloppy-windows-1257": "cp1257",
    "iso-8859-2": "ISO-8859-2",
    "macroman": "Mac Roman",
    "cp437": "cp437",
    "utf-8": "UTF-8",
    "utf-8-variants": "UTF-8",
}
_IDEOGRAPHIC: Final = re.compile(f"[{HAN_CLASS}{KANA_CLASS}{HANGUL_CLASS}]")
# What stands between stretches for ftfy: Chinese with its marks, and what is destroyed.
_BETWEEN: Final = re.compile(
    f"(?:[{HAN_CLASS}{KANA_CLASS}{HANGUL_CLASS}\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+|{DESTROYED.pattern})"
)
# Characters that are compared word by word at a time, as the time for that grows with the square of the words.
_LONGEST: Final = 2000
# A word and the blanks behind it, which may have been part of it.
_WORD: Final = re.compile("[^ ]+ *| +")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
# Square and cubic ångströms, which would be Ų and ų; in LietuviÅ³ they are.
_ANGSTROM: Final = re.compile(r"(?<![^\W\d_]{2})Å[²³]")
_CONTROLS: Final = re.compile("[\x80-\x9f]")


class AlphabetFix(NamedTuple):
    """What was read byte by byte in a line.

    Attributes:
        edits: what undoes it, located in the line.
        evidence: of each edit, how it came.
        plain: of each edit, whether nothing was lost on the way.
        gain: log10 of how much likelier the line is undone.
    """

    edits: tuple[Edit, ...]
    evidence: tuple[str, ...]
    plain: tuple[bool, ...]
    gain: float


class _Word(NamedTuple):
    """A word that ftfy changed to the better: see ``AlphabetFix``; clear if there need not be another in the line."""

    edit: Edit
    evidence: str
    gain: float
    is_plain: bool
    is_clear: bool


def fix_alphabet(line: str) -> AlphabetFix | None:
    """What ftfy finds in a line and can be believed, or ``None``.

    >>> fix_alphabet("他在cafÃ©里写信").edits
    (Edit(start=5, before='Ã©', after='é'),)
    """
    words = [word for start, end in _segments(line) for word in _in_segment(line[start:end], start)]
    if not any(word.is_clear for word in words):
        return None
    edits, evidence, gains, plain, _ = zip(*words, strict=True)
    return AlphabetFix(edits, evidence, plain, sum(gains))


def is_likelier(mended: AlphabetFix, undone: Hypothesis | None) -> bool:
    """Whether a line was rather text in an alphabet than what the hypotheses about Chinese make of it.

    Where those find that it was not UTF-8 in the end, that bytes go on its characters has to be chance.
    """
    if undone is None:
        return True
    proven = undone.chains[0][-1].written.proves
    return mended.gain > undone.gain - (0.0 if proven else _RATHER_PROVEN)


def find_mended(text: str, line: Span, mended: AlphabetFix) -> Iterator[Finding]:
    """What undoes a line of ``text``, in reading order."""
    example = is_example(text, text[slice(*line)], mended.edits)
    proven = sum(
        len(_BEYOND_ASCII.findall(edit.after)) for edit, plain in zip(mended.edits, mended.plain, strict=True) if plain
    )
    confidence = round(1 / (1 + 10 ** -min(mended.gain - LEAST_GAIN, 9.0)), 4)
    for edit, evidence, plain in zip(mended.edits, mended.evidence, mended.plain, strict=True):
        consent = Consent.CERTAIN if plain and proven >= PROVEN else Consent.PROBABLE
        moved = Edit.at(line.start + edit.start, edit.before, edit.after)
        yield Finding(Fault.TRANSCODING, (moved,), Consent.SUGGESTED if example else consent, confidence, evidence)


def _segments(line: str) -> Iterator[tuple[int, int]]:
    """The stretches of a line that ftfy may see."""
    start = 0
    for end, behind in (*(match.span() for match in _BETWEEN.finditer(line)), (len(line), len(line))):
        while start < end:
            cut = end if end - start <= _LONGEST else line.rfind(" ", start, start + _LONGEST) + 1 or start + _LONGEST
            if _BEYOND_ASCII.search(line, start, cut):
                yield start, cut
            start = cut
        start = behind


def _in_segment(segment: str, at: int) -> list[_Word]:
    """The words of a stretch that ftfy mended; none if it was wrong about most: then it was about all."""
    fixed, plan = _asked(segment)
    changed = list(_words(segment, fixed))
    words = (_word(at + start, before, after, plan) for start, before, after in changed)
    mended = [word for word in words if word]
    return mended if 2 * len(mended) > len(changed) else []


def _word(at: int, before: str, after: str, plan: Sequence[tuple[str, str]]) -> _Word | None:
    """What ftfy made of a word, if that can be believed."""
    made, gain = trimmed(at, before, after), _gain(before, after)
    if not made or gain <= 0.0:
        return None
    whole = _chain(before, after, _DEEPEST)
    if not is_word(before, after, consistent=whole is not None):
        return None
    chain = whole or _chain(made.before, made.after, _DEEPEST)
    evidence = explained(chain) if chain else _by_plan(plan)
    return _Word(made, evidence, gain, chain is not None, _is_clear(before, gain, plain=chain is not None))


def _is_clear(before: str, gain: float, *, plain: bool) -> bool:
    """Whether a word of this gain is enough, if it is the only one of its line.

    XÃ is a word in Vietnamese capitals, and ftfy takes the blank behind it for a byte.
    """
    if _ANGSTROM.search(before) or (not plain and before == before.upper()):
        return False
    return gain >= LEAST_GAIN


def _words(before: str, after: str) -> Iterator[tuple[int, str, str]]:
    """The words, or runs of words, that differ between two forms of a text, with where they begin in the first."""
    if before == after:
        return
    ones, others = _WORD.findall(before), _WORD.findall(after)
    starts = [*accumulate(map(len, ones), initial=0)]
    steps = SequenceMatcher(None, ones, others, autojunk=False).get_opcodes()
    for step, first, last, other_first, other_last in steps:
        if step == "equal":
            continue
        if last - first == other_last - other_first:
            yield from zip(starts[first:last], ones[first:last], others[other_first:other_last], strict=True)
        else:
            yield starts[first], "".join(ones[first:last]), "".join(others[other_first:other_last])


def _gain(before: str, after: str) -> float:
    """log10 of how much likelier a word reads after ftfy than before; nothing if something in it was made up."""
    if _IDEOGRAPHIC.search(after) or _badness(after.replace("\ufffd", "")):
        return 0.0
    return text_score(after) - text_score(before) + _proof(before, after)


def _proof(before: str, after: str) -> float:
    """What it counts, as log10, that bytes go on characters of UTF-8, by which a text becomes shorter, and that
    control characters are gone."""
    controls = len(_CONTROLS.findall(before)) - len(_CONTROLS.findall(after))
    return PROOF * max(0, len(before) - len(after)) + _CONTROL_BESIDE * max(0, controls)


def _by_plan(plan: Sequence[tuple[str, str]]) -> str:
    """How a word came that lost something, by what ftfy did: every encoding takes a decoder back."""
    encoded, decoded = (
        [_NAMES.get(name, name) for step, name in plan if step == each] for each in ("encode", "decode")
    )
    steps = [f"read as {read}, was {was}" for read, was in zip(encoded, decoded, strict=True)]
    return "; before that ".join(steps) or "read byte by byte, was UTF-8"


def _chain(before: str, after: str, deepest: int) -> tuple[Channel, ...] | None:
    """The way from one to the other without a loss, the last mistake first."""
    further: dict[str, Channel] = {}
    for channel in _CHANNELS if deepest else ():
        undone = channel.undo(before)
        if undone == after:
            return (channel,)
        if undone is not None and undone != before:
            further.setdefault(undone, channel)
    chains = ((channel, _chain(undone, after, deepest - 1)) for undone, channel in further.items())
    return next(((channel, *rest) for channel, rest in chains if rest), None)


def _asked(text: str) -> tuple[str, Sequence[tuple[str, str]]]:
    """What ftfy makes of a text, and by which steps."""
    import ftfy

    fixed, plan = ftfy.fix_encoding_and_explain(text, _config())
    return fixed, plan or ()


def _badness(text: str) -> int:
    from ftfy.badness import badness

    return badness(text)


@cache
def _config() -> Any:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        remove_terminal_escapes=False,
        normalization=None,
    )
