"""What a page shows of its own history: how it was folded and converted, which characters it annotates, what recurs.

The replacement left a table of characters (``InsertionTable``), blanks before marks of punctuation (the second rule),
and the words of the page itself, which the language model may not have (``Recurrence``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from jiaokan.charset import gbk
from jiaokan.faults.alignment.page_bytes import LOST_BYTE_SIGNS, bytes_behind, fold
from jiaokan.lexicon import START, Context
from jiaokan.lexicon.hanzi import HAN_CLASS, is_han
from jiaokan.lexicon.model import char_price
from jiaokan.lexicon.pinyin import LETTER_CLASS, InsertedReading, find_inserted_readings, reads
from jiaokan.lexicon.prices import BRACKETS, opened
from jiaokan.lexicon.variants import differs_by_script, simplify, traditional_forms

_READING_END: Final = f"[{LETTER_CLASS}][)）]"
# A mark, and the blank before it if there is one. Folded marks count beside Han only: 10:30 and a, b are other matters.
_MARK: Final = re.compile(
    r"(?<![\n\t?\ufffd])(?<![?\ufffd] )(?P<blank> ?)(?:(?P<wide>[，。、！？；：])"
    rf"|(?P<folded>(?:(?<=[^\x00-\x7f])|(?<=[^\x00-\x7f] )|(?<={_READING_END})|(?<={_READING_END} ))[,:;!?]"
    r"|[,:;!?](?=[^\x00-\x7f])))"
    r"(?P<behind> (?! ?[，。、！？；：,:;!?\n]))?"
)
_BLANK: Final = re.compile(" [，。、！？；：,:;!?]")
# Behind the mark of a lost byte, which is no place to learn the rule from.
_BEHIND_LOST: Final = re.compile("(?<=[?\ufffd]) (?=[，。、！；：,:;!])")
# Of the places of a mark those that have a blank, at least; marks inside garbled stretches are none of the rule's.
REGULAR: Final = 0.9
# Where other marks bear the rule out at so many places, a lower share will do: some marks of a folded page were ASCII
# before, and many of its question marks stand for lost bytes.
BORNE_OUT: Final = 3
MIXED: Final = 0.5
# No running text is without these; a form has 姓名 ：in every line.
_RUNNING: Final = frozenset("，。、,")


def blanks(text: str) -> tuple[list[int], int]:
    """Where the rule left blanks, and at how many places the page bears it out: of one mark, until there are some.

    >>> blanks("在現場拍攝 ，“從這裡 。")
    ([5, 11], 1)
    """
    if not _BLANK.search(text):
        return [], 0
    found = list(_found(text))
    all_of, with_blank = _counts(found, behind_han=True)
    ruled = {mark for mark, number in with_blank.items() if number >= REGULAR * all_of[mark]}
    times = [with_blank[mark] for mark in ruled] if ruled & _RUNNING else [1] * bool(ruled)
    if sum(times) < BORNE_OUT:
        return [at for mark, at, _ in found if at >= 0 and mark in ruled], max(times, default=0)
    all_of, with_blank = _counts(found, behind_han=False)
    ruled |= {mark for mark, number in with_blank.items() if mark == "?" or number >= MIXED * all_of[mark]}
    behind_lost = (m.start() for m in _BEHIND_LOST.finditer(text) if text[m.end()] in ruled)
    return [*(at for mark, at, _ in found if at >= 0 and mark in ruled), *behind_lost], sum(times)


def _counts(found: list[tuple[str, int, bool]], behind_han: bool) -> tuple[Counter[str], Counter[str]]:
    """How often each mark stands on the page, or behind Han only, and how often with a blank before it."""
    counted = [(mark, at) for mark, at, is_behind_han in found if is_behind_han or not behind_han]
    return Counter(mark for mark, _ in counted), Counter(mark for mark, at in counted if at >= 0)


def _found(text: str) -> Iterator[tuple[str, int, bool]]:
    """Each mark, where the blank before it is, or -1, and whether a Han character precedes or the reading of one:
    people put blanks behind Latin, and on both sides of a mark."""
    for m in _MARK.finditer(text):
        at = m.start()
        behind_han = at > 0 and (is_han(text[at - 1]) or re.fullmatch(_READING_END, text[at - 2 : at]) is not None)
        yield m["wide"] or m["folded"], at if m["blank"] and not m["behind"] else -1, behind_han


# Readings behind characters that look the same in both scripts, from which on the table has such; and different
# characters that all have another form, from which on it has no others: four in ten characters of running text do.
SOME_ALIKE: Final = 2
ENOUGH_TWINS: Final = 3
# log10 of how likely a character is to be in the table beside one that surely is: one that bears no reading elsewhere
# on the page; one that looks the same in both scripts, where the page does not show whether the table has such; and a
# rare one in a table of any characters, which holds common ones. With RARE at 0, -1 and -2 the bench restored 56.2,
# 56.8 and 57.0 % of 1,578 spots out of step (seeds 21 and 41).
STRANGE: Final = -1.0
ALIKE: Final = -1.5
RARE: Final = -2.0
# log10 of the share in running text below which a character is rare here: it has some 1,400 commoner ones.
RARE_SHARE: Final = -3.8


@dataclass(frozen=True, slots=True)
class InsertionTable:
    """What is known of the table.

    Attributes:
        known: characters that are in it.
        any_char: whether it holds characters that look the same in both scripts, as on a site that converts nothing;
            ``None`` if the page does not show it.
    """

    known: frozenset[str]
    any_char: bool | None

    @classmethod
    def shown(cls, read: Collection[str]) -> InsertionTable:
        """The table of a page with readings behind the characters ``read``, repeated as they are there.

        >>> [InsertionTable.shown(read).any_char for read in ("現現", "現業發", "新能")]
        [None, False, True]
        """
        twins = frozenset(filter(differs_by_script, read))
        if sum(char not in twins for char in read) >= SOME_ALIKE:
            return cls(frozenset(read), True)
        return cls(twins, False if len(twins) >= ENOUGH_TWINS else None)

    def tells(self, lead: int, trail: int, reading: str) -> str:
        """The character of a pair if the replacement can have put ``reading`` behind it, otherwise nothing.

        >>> table = InsertionTable.shown("現業發")
        >>> table.tells(0x94, 0xB5, "shù"), table.tells(0xC4, 0xE3, "nǐ")  # 你 looks the same in both scripts
        ('數', '')
        """
        return _tells(lead, trail, reading, self.any_char is not False)

    def hits(self, lead: int, reading: str) -> tuple[tuple[int, str], ...]:
        """Every lost byte that makes a character of the table with ``lead`` and this reading, and the character."""
        return _hits(lead, reading, self.any_char is not False)

    def price(self, char: str) -> float:
        """log10 of how likely it is that a character is in the table, beside one that surely is."""
        if char in self.known:
            return 0.0
        price = STRANGE
        if self.any_char is None and not differs_by_script(char):
            price += ALIKE
        if self.any_char is not False:
            share = char_price(simplify(char))
            price += RARE if share is None or share < RARE_SHARE else 0.0
        return price


def _tells(lead: int, trail: int, reading: str, any_char: bool) -> str:
    char = gbk.decode(lead, trail) if lead else None
    return char if char and (any_char or differs_by_script(char)) and reads(char, reading) else ""


@lru_cache(maxsize=8192)
def _hits(lead: int, reading: str, any_char: bool) -> tuple[tuple[int, str], ...]:
    return tuple((lost, char) for lost in gbk.LEADS if (char := _tells(lead, lost, reading, any_char)))


# How much is left to what the page itself says: of which character follows another one, and of which it uses at all.
# Of 1,578 spots out of step (seeds 21 and 41) a fifth of the former restored 944, a tenth 938, three tenths 944; of the
# latter two to five hundredths restored seven more than none, fifteen hundredths twelve fewer.
SHARE: Final = 0.2
SHARE_OF_USE: Final = 0.04

_READING: Final = re.compile(f"[(（] ?[{LETTER_CLASS}]+ ?[)）]")


class Recurrence:
    """The characters of a text and their pairs, readings left out, in simplified form.

    >>> recurrence = Recurrence("催收(shōu)和催收")
    >>> recurrence.gain("催", "收", -6.0) > 5.0, recurrence.gain("催", "促", -6.0)
    (True, 0.0)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._chars: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._length = 0

    def _count(self) -> None:
        """Count the pairs. Most pages are never asked."""
        plain = simplify(_READING.sub("", self._text))
        self._chars.update(plain)
        self._pairs.update(pairwise(plain))
        self._length = len(plain)
        self._text = ""

    def gain(self, last: str, char: str, price: float) -> float:
        """What a character gains over its ``price``, log10, if the page has it elsewhere, behind ``last`` above all.

        Both are in simplified form.
        """
        if self._text:
            self._count()
        used = self._chars.get(char)
        if not used:
            return 0.0
        share = SHARE_OF_USE * used / self._length
        pairs = self._pairs.get((last, char))
        if pairs:
            share += SHARE * pairs / self._chars[last]
        return math.log10(1 + share / 10**price)


MARKS: Final = "，。、！？；：,.!?;:"
_READ: Final = f"(?<=[{LETTER_CLASS}][)）])"  # behind a reading
_LOST_HIT: Final = re.compile(
    rf"(?:(?<=[^\x00-\x7f\ufffd])|{_READ}|(?<=[^\x00-\x7f\ufffd] ))[{LOST_BYTE_SIGNS}]"
    rf"(?=[{LOST_BYTE_SIGNS}]? ?[{MARKS}{LOST_BYTE_SIGNS}])"
)
_CUT: Final = re.compile(rf"(?:(?<=[^\x00-\x7f])|{_READ}) *[{MARKS}](?=[^\s{MARKS}])")
# Places with a blank before a mark, on a page that has one before all of the kind, from which on a rule made them.
ENOUGH_BLANKS: Final = 2
# log10 of the probability below which one, two, three characters behind a mark are odd.
ODD: Final = (-6.0, -9.5, -13.0)
# A lost byte left no mark: on a page that does not show how it marks them, and on one that does.
UNSEEN: Final = -1.0
UNSEEN_DENIED: Final = -4.0
_FOLDED: Final = re.compile(f"(?<=[{HAN_CLASS}])[,:;?!](?=[{HAN_CLASS}])")
_FULLWIDTH: Final = re.compile("[\uff01-\uff07\uff0a-\uff5e]")  # not parentheses, which are made wide afterwards
# Amid text: what stands at a blank or before ASCII is an icon of the page's font.
_PRIVATE: Final = re.compile(r"(?<=\S)[\ue000-\ue864](?=[^\x00-\x7f])")
# Question marks between Han where no cut is: somebody else lost whole characters.
_LOST_CHARACTER: Final = re.compile(f"(?<=[{HAN_CLASS}])[?\ufffd]+(?=[{HAN_CLASS}])")
MANY_LOST: Final = 2
LOST_CHARACTER: Final = -4.0  # log10 of how rarely a whole character was lost before a reading
LONGEST_QUOTE: Final = 300  # how far back an open quotation mark is looked for
WIDE_ROW: Final = 0xA3  # the lead byte of the fullwidth forms of ASCII
# Of the characters that differ between the scripts, a page in traditional has nine in ten traditional, a converted one
# none but those in its garbled stretches.
_TRADITIONAL_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """A text and the evidence it holds.

    Attributes:
        text: the page.
        marks: what can be an inserted reading, by where it starts; ``ends``, by where it ends.
        lost: where a lost byte may stand without a reading.
        cuts: the marks of punctuation before which a lost byte may have left nothing.
        doubled: the characters whose first byte is the last one of the character before, where an ASCII letter was hit.
        folded: whether fullwidth forms were folded to ASCII; ``None`` if the page does not show it.
        converted: whether traditional characters were converted to simplified after the damage.
        table: what the page shows of the replacement's table.
        private: whether the page shows private-use characters, which many pages strip.
        swallows: whether a lost byte took the ASCII character after it along, as far as the page shows.
        unseen: log10 of how rarely a lost byte leaves no mark on this page.
        blanks: where control characters put before marks became blanks; ``ruled``, how many places bear that out.
        recurrence: which characters the page uses, and which follow one another on it.
    """

    text: str
    marks: dict[int, InsertedReading]
    ends: dict[int, InsertedReading]
    lost: frozenset[int]
    cuts: frozenset[int]
    doubled: frozenset[int]
    folded: bool | None
    converted: bool
    table: InsertionTable
    private: bool
    swallows: bool
    unseen: float
    blanks: frozenset[int]
    ruled: int
    recurrence: Recurrence

    @classmethod
    def read(cls, text: str) -> Page:
        """Gather the evidence of a text."""
        found = find_inserted_readings(text)
        starts = {mark.start: mark for mark in [*found, *_later(text, found)]}
        alone = {mark.start for mark in found if mark.start + 1 not in starts}
        lost = frozenset(m.start() for m in _LOST_HIT.finditer(text) if m.start() not in alone)
        read = [char for mark in found if mark.whole and reads(char := text[mark.start - 1 : mark.start], mark.reading)]
        table = InsertionTable.shown(read)
        left_blank, ruled = blanks(text)
        if not found and not left_blank and len(_LOST_CHARACTER.findall(text)) >= MANY_LOST:
            lost = frozenset()
        unseen = UNSEEN_DENIED if lost or any(_has_lost_mark(text, mark) for mark in found) else UNSEEN
        return cls(
            text=text,
            marks=starts,
            ends={mark.end: mark for mark in found},
            lost=lost,
            cuts=frozenset(_cuts(text, starts) if (found or ruled >= ENOUGH_BLANKS) and unseen > UNSEEN_DENIED else ()),
            doubled=frozenset(_doubled(text, found)),
            folded=_folded(text),
            converted=not table.any_char and _converted(text),
            table=table,
            private=_PRIVATE.search(text) is not None,
            swallows=all(mark.whole or mark.eaten for mark in found),
            unseen=unseen,
            blanks=frozenset(left_blank),
            ruled=ruled,
            recurrence=Recurrence(text),
        )

    def written(self, spelled: str) -> str:
        """What the bytes spell, written as this page writes."""
        return _written(spelled, bool(self.folded), self.converted)

    def is_out_of_place(self, mark: InsertedReading) -> bool:
        """Whether a whole reading belongs to none of the characters whose bytes can stand before it."""
        before = self.shown(mark.start, 1)
        if not is_han(before) or reads(before, mark.reading):
            return False
        return any(self.table.hits(trail, mark.reading) for _, trail in self.tails(mark.start))

    @property
    def has_rule(self) -> bool:
        """Whether the page bears out that a rule put control characters before marks."""
        return self.ruled >= ENOUGH_BLANKS

    @property
    def is_cut_open(self) -> bool:
        """Whether the replacement left its traces elsewhere on the page."""
        return bool(self.table.known) or self.has_rule or any(not mark.whole for mark in self.marks.values())

    def takes_along(self, at: int) -> bool:
        """Whether the lost byte marked at ``at`` can have taken the character behind it along."""
        return self.text[at] == "?" and self.swallows and self.text[at + 1 : at + 2] not in ("", "\n")

    def is_read(self, mark: InsertedReading) -> bool:
        """Whether a whole reading is one of the character before it."""
        return mark.whole and reads(self.shown(mark.start, 1), mark.reading)

    def behind(self, mark: InsertedReading, context: Context) -> Context | None:
        """The context behind a reading that is taken for what it is; ``None`` if it can be no reading.

        It costs nothing where it belongs to the character before it. Somebody can also have annotated a character that
        was lost since: 年?(líng).
        """
        if self.is_read(mark):
            return context
        return None if mark.whole or mark.eaten else context.after_unknown(LOST_CHARACTER)

    def tails(self, at: int) -> list[tuple[int, int]]:
        """The last two bytes before ``at``, readings left out, in every way the page allows; 0 where unknown."""
        last = self._before(at)
        if last < 0:
            return [(0, 0)]
        found = []
        for raw in self.raws(last):
            if len(raw) == 2:
                found.append(raw)
            else:
                found += [(byte, raw[0]) for byte in self._last_bytes(last)]
        return found or [(0, 0)]

    def _last_bytes(self, at: int) -> set[int]:
        last = self._before(at)
        return {raw[-1] for raw in self.raws(last)} or {0} if last >= 0 else {0}

    def raws(self, at: int) -> Iterator[tuple[int, ...]]:
        """The bytes the one character at ``at`` can have been, the most likely first."""
        for piece in bytes_behind(self.text, at):
            wide = piece.raw[0] == WIDE_ROW and self.folded is not False
            if piece.end == at + 1 and None not in piece.raw and (wide or not piece.folded):
                yield tuple(byte for byte in piece.raw if byte is not None)
        if self.converted:
            yield from filter(None, map(gbk.encode, traditional_forms(self.text[at])))

    def shown(self, at: int, length: int) -> str:
        """Up to ``length`` characters before ``at``, readings left out."""
        found = ""
        last = self._before(at)
        while last >= 0 and len(found) < length:
            found = self.text[last] + found
            last = self._before(last)
        return found

    def pending(self, at: int) -> str:
        """The brackets and quotation marks that the line opened not long before ``at`` and did not close."""
        pending = ""
        for bracket in BRACKETS.findall(self.text, max(self.text.rfind("\n", 0, at) + 1, at - LONGEST_QUOTE), at):
            pending = opened(bracket, pending)
        return pending

    def _before(self, at: int) -> int:
        """Where the character before ``at`` stands, readings skipped; -1 at the start."""
        while (mark := self.ends.get(at)) and mark.whole:
            at = mark.start
        return at - 1


@lru_cache(maxsize=8192)
def _written(spelled: str, folded: bool, converted: bool) -> str:
    if folded:
        spelled = "".join(map(fold, spelled))
    return simplify(spelled) if converted else spelled


def has_private(text: str) -> bool:
    """Whether a stretch of the page shows private-use characters of GBK's user-defined rows and unassigned pairs."""
    return any("\ue000" <= char <= "\ue864" for char in text)


def _doubled(text: str, marks: list[InsertedReading]) -> Iterator[int]:
    """Where a byte may stand twice: 能夠蛞設(shè)pen, which was 能夠以Open.

    夠 is 89 F2, 蛞 F2 D2, 設 D4 4F: a reading behind a character that ends in an ASCII letter, with Latin behind it,
    is no reading of that character if the bytes before can be read in another way.
    """
    for mark in marks:
        at = mark.start - 2
        if mark.whole and at > 0 and re.match("[A-Za-z]", text[mark.end : mark.end + 1]):
            before, char, hit = (gbk.encode(text[place]) for place in (at - 1, at, at + 1))
            if before and char and hit and before[1] == char[0] and hit[1] < gbk.LEADS[0]:
                yield at


def _later(text: str, marks: list[InsertedReading]) -> Iterator[InsertedReading]:
    """Of readings behind several lost bytes, what is left of them if the first bytes were lost otherwise."""
    for mark in marks:
        at = mark.start + 1
        while not mark.whole and text[at] in LOST_BYTE_SIGNS:
            yield mark._replace(start=at)
            at += 1


def _has_lost_mark(text: str, mark: InsertedReading) -> bool:
    return not mark.whole and text[mark.start] in LOST_BYTE_SIGNS


def _cuts(text: str, marks: dict[int, InsertedReading]) -> Iterator[int]:
    """The marks of punctuation behind which the text goes on as no text does."""
    for m in _CUT.finditer(text):
        following = _following(text, marks, m.end())
        if following[:1].isascii():
            odd = m.end() + 1 in marks
        else:
            odd = START.extend(following).score < ODD[len(following) - 1]
        if odd and m.start() not in marks:
            yield m.start()


def _following(text: str, marks: dict[int, InsertedReading], at: int) -> str:
    """The characters from ``at`` on, as many as ``ODD`` has, readings left out."""
    found = ""
    while at < len(text) and len(found) < len(ODD):
        mark = marks.get(at)
        if mark and mark.whole and found:
            at = mark.end
        else:
            found += text[at]
            at += 1
    return found


def _folded(text: str) -> bool | None:
    if _FULLWIDTH.search(text):
        return False
    return True if _FOLDED.search(text) else None


def _converted(text: str) -> bool:
    """Whether the page is in simplified characters."""
    twins = {char: number for char, number in Counter(text).items() if differs_by_script(char)}
    traditional = sum(number for char, number in twins.items() if simplify(char) != char)
    return traditional <= _TRADITIONAL_SHARE * sum(twins.values())
