"""The channel of alignment: every way in which a hypothesis goes on over the next characters of a page, and its price.

A hypothesis is in step, or a lead byte waits for its trail byte; each piece of the page feeds it bytes. What these
spell is scored by the lexicon; where bytes are lost or characters were stripped, only characters that running text uses
are offered. A decoder that gives up on a lead byte may have taken the ASCII character behind it along (``swallowed``).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from heapq import nlargest
from html import unescape
from typing import Final, NamedTuple

from jiaokan.charset import gbk
from jiaokan.faults.alignment.page_bytes import LOST, LOST_BYTE_SIGNS, PageBytes, bytes_behind
from jiaokan.faults.alignment.traces import MARKS, WIDE_ROW, Page
from jiaokan.lexicon import Context
from jiaokan.lexicon.hanzi import MARK_CLASS, is_han
from jiaokan.lexicon.model import RARE_HAN, word_price
from jiaokan.lexicon.pinyin import InsertedReading, reads
from jiaokan.lexicon.variants import simplify, traditional_forms

# How far, in log10, a hypothesis may fall behind the best one at its place.
BEHIND: Final = 5.0


class Step(NamedTuple):
    """A stretch of the page and what it is read as, at the end of a chain of such steps.

    ``score`` is the plausibility of all that was read so far, ``hit`` the character whose reading cut the page here.
    """

    earlier: Step | None
    start: int
    end: int
    text: str
    kept: bool
    hit: str
    score: float


class Alternative(NamedTuple):
    """A hypothesis that ended in another one.

    Attributes:
        behind: its score less the other's.
        parts: its path, in parts: the last step of each, and the one after which it begins.
        until: the step of the other one after which they go on together.
    """

    behind: float
    parts: tuple[tuple[Step | None, Step | None], ...]
    until: Step | None


class State(NamedTuple):
    """A hypothesis at a place of the page.

    Attributes:
        at: where it is on the page.
        leads: what the waiting lead byte can be; empty in step.
        tail: the last two bytes of the stream, 0 where unknown.
        context: what has been spelled, as the lexicon sees it.
        price: log10 of what the channel has done so far.
        recurring: what the characters gained so far because the page has them elsewhere, log10.
        since: where it last came into step.
        path: how it got here.
        text: what was read on the way.
        rivals: the probability of the hypotheses with another text that ended in this one, as shares of its own.
        others: the best of those.
    """

    at: int
    leads: Leads
    tail: tuple[int, int]
    context: Context
    price: float
    since: int
    path: Step | None = None
    text: str = ""
    rivals: float = 0.0
    others: tuple[Alternative, ...] = ()
    recurring: float = 0.0

    @property
    def score(self) -> float:
        """log10 of the probability of the hypothesis and of what the page shows of it."""
        return self.context.score + self.recurring + self.price

    @property
    def plausibility(self) -> float:
        """log10 of the probability of what was read."""
        return self.context.score + self.recurring


@dataclass(slots=True)
class Budget:
    """How many more hypotheses may be weighed for a text, so that no text can keep a machine busy for long."""

    left: int


@dataclass(slots=True)
class Frontier:
    """The best score that was reached at each place of the page, and whether anything was left behind.

    ``ahead`` is the best score further on, while the search goes back to try something else. Scores fall on the way,
    but for a little where a word ends.
    """

    effort: Budget
    scores: defaultdict[int, float] = field(default_factory=lambda: defaultdict(lambda: float("-inf")))
    ahead: float = float("-inf")
    dropped: bool = False

    def has_hope(self, at: int, score: float) -> bool:
        """Whether a hypothesis is near enough to the best one at its place, which it may be itself."""
        self.effort.left -= 1
        best = self.scores[at]
        if score <= max(best, self.ahead) - BEHIND:
            self.dropped = True
            return False
        if score > best:
            self.scores[at] = score
        return True


# Characters that are considered where a private-use one was stripped behind a lead byte that is not known.
MOST_BEFORE_STRIPPED: Final = 30

# Where this many lead bytes are possible, only this many of the commonest characters are considered.
LIMITED_FROM: Final = 32
MOST_OF_MANY: Final = 24

_MARKS: Final = frozenset(MARK_CLASS)

Leads = tuple[int, ...]
ANY_LEAD: Final[Leads] = tuple(gbk.LEADS)


@lru_cache(maxsize=1 << 16)
def spell(
    leads: Leads, raw: tuple[int | None, ...], reading: str = ""
) -> tuple[tuple[str, Leads, tuple[int, ...]], ...]:
    """What bytes spell after a waiting lead byte: the text, the lead bytes that wait then, the bytes made certain.

    ``reading`` is what stands behind them.

    >>> spell((0xB5,), (0xD8, 0xC9))  # 地, and C9 waits
    (('地', (201,), (181, 216)),)
    """
    if not raw:
        return (("", leads, ()),)
    byte, rest = raw[0], raw[1:]
    if leads:
        return tuple(
            (char + text, after, pair + stream)
            for char, pair in _characters(leads, byte, "" if rest else reading)
            for text, after, stream in spell((), rest)
        )
    if byte is LOST:
        return ()
    if byte <= 0x80:
        return tuple((_single(byte) + text, after, (byte, *stream)) for text, after, stream in spell((), rest))
    return spell((byte,), rest) if byte in gbk.LEADS else ()


def _single(byte: int) -> str:
    return "€" if byte == 0x80 else chr(byte)


@lru_cache(maxsize=8192)
def _characters(leads: Leads, byte: int | None, reading: str = "") -> tuple[tuple[str, tuple[int, int]], ...]:
    """The characters of the pairs that these lead bytes make with this trail byte, or with any.

    Of many the commonest, and those that have the ``reading``.
    """
    trails = gbk.TRAILS if byte is LOST else (byte,)
    free = len(leads) * len(trails) > 1
    found = []
    for lead in leads:
        for trail in trails:
            char = gbk.decode(lead, trail)
            if char and not is_private(char) and (not free or is_current(char)):
                found.append((char, (lead, trail)))
    if len(leads) < LIMITED_FROM:
        return tuple(found)
    fitting = [spelled for spelled in found if reading and reads(spelled[0], reading)]
    return tuple(dict.fromkeys((*nlargest(MOST_OF_MANY, found, key=_commonness), *fitting)))


def _commonness(spelled: tuple[str, tuple[int, int]]) -> float:
    return 0.0 if spelled[0] in _MARKS else word_price(simplify(spelled[0])) or RARE_HAN


@lru_cache(maxsize=8192)
def is_current(char: str) -> bool:
    """Whether running text uses a character."""
    return char in _MARKS or word_price(simplify(char)) is not None


def is_private(char: str) -> bool:
    """Whether a code point is for private use: those of the user-defined rows, and of what GBK leaves unassigned.

    >>> is_private(gbk.decode(0xAA, 0xA1)), is_private(gbk.decode(0xA7, 0xCE)), is_private("的")
    (True, True, False)
    """
    return "\ue000" <= char <= "\uf8ff"


@cache
def _private() -> dict[int, tuple[int, ...]]:
    """The lead bytes of private-use pairs, each with those of its trail bytes that can be lead bytes themselves."""
    found = {
        first: tuple(second for second in gbk.LEADS if is_private(gbk.decode(first, second) or ""))
        for first in gbk.LEADS
    }
    return {first: seconds for first, seconds in found.items() if seconds}


@lru_cache(maxsize=512)
def stripped(leads: Leads) -> tuple[tuple[str, Leads], ...]:
    """What can have stood before a user-defined pair: the character that ends in its first byte, and its second byte.

    The pair is the trail byte of one character and the lead byte of the next, which waits then; which of several it
    is stays open.
    """
    likely = (
        (word_price(simplify(char)) or RARE_HAN, char, seconds)
        for first, seconds in _private().items()
        for char, _ in _characters(leads, first)
    )
    return tuple((char, seconds) for _, char, seconds in nlargest(MOST_BEFORE_STRIPPED, likely))


# log10 of how rarely a page with fullwidth marks has one of ASCII amid Han.
WIDE: Final = -2.0

_TAG: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,9}(?: [^<>]*)?/?>")
_BLOCK: Final = re.compile("/?(?:p|div|li|h[1-6]|td|th|tr|br)[^a-z]", re.IGNORECASE)
_ENTITY: Final = re.compile(r"(?:nbsp|amp|lt|gt|quot|[lr][ds]quo|middot|hellip|mdash|#\d{2,6});")
# What can stand before Han and is below 0x40, and what of it is fullwidth on a page that has such forms.
_ASCII: Final = ' ,.:;!?()"-/%0123456789'
_WIDE: Final = frozenset(",.:;!?()")
# How much of the page is looked at.
_AHEAD: Final = 32


class Swallowed(NamedTuple):
    """What a lost byte can have taken along: nothing, if ``char`` is empty.

    Attributes:
        char: the character.
        reads_as: what it is to a reader, together with what goes on behind it: the end of a line, a quotation mark.
        length: how many characters of the page belong to that.
        price: log10 of how likely it is.
    """

    char: str = ""
    reads_as: str = ""
    length: int = 0
    price: float = 0.0


NOTHING: Final = Swallowed()


def swallowed(text: str, at: int, folded: bool | None) -> Iterator[Swallowed]:
    """What the lost byte before ``text[at:]`` can have taken along, on a page whose decoder does that.

    What goes on like a tag or an entity has lost its first character. Before Han and letters something was taken: with
    their own bytes the lost byte would have made a character. Before a letter that most often is a blank; before Han
    the context tells, or does not. Before digits nothing tells, so that the choices stand beside each other.

    >>> [one.char for one in swallowed("/span>", 0, None)], [one.reads_as for one in swallowed("rdquo;", 0, None)]
    (['<'], ['”'])
    """
    rest = text[at : at + _AHEAD]
    if tag := _TAG.match(rest):
        yield Swallowed("<", "\n" if _BLOCK.match(tag[0]) else "", len(tag[0]))
    elif entity := _ENTITY.match(rest):
        yield Swallowed("&", unescape(f"&{entity[0]}"), len(entity[0]))
    elif rest and is_han(rest[0]):
        for char in _ASCII:
            yield Swallowed(char, char, price=WIDE if folded is False and char in _WIDE else 0.0)
    elif rest[:1].isascii() and rest[:1].isdigit():
        choices = (*"0123456789", "")
        yield from (Swallowed(char, price=-math.log10(len(choices))) for char in choices)
    elif rest[:1].isascii() and rest[:1].isalpha():
        yield Swallowed(" ")
    else:
        yield NOTHING


# Channel prices, log10: how rarely a page does this, beside the ordinary course of things at 0.
HALF: Final = -2.5  # the text was cut in the middle of a character
BLANK: Final = -1.0  # a control character became a blank
FOLD_UNKNOWN: Final = -0.5  # a fullwidth form was folded, on a page that does not show whether it folds
FOLD_DENIED: Final = -4.0  # the same on a page that shows fullwidth forms
FOLD_OTHERS: Final = -1.0  # not only fullwidth forms were folded, but all that NFKC folds
FORM: Final = -0.5  # a simplified character was a traditional one, on a converted page
DOUBLED: Final = -2.5  # a byte stands twice
# A private-use character was stripped from the page: 13 of the 126 lead bytes are those of user-defined rows, so out
# of step about one pair in twelve is one. Some pages strip them and some do not.
STRIPPED: Final = -0.5

# A character in whose middle the text ends is filled in where all others together are no likelier than this.
UNSURE: Final = 0.03

# Stripped characters in a row that are considered, and hypotheses that are followed from one to the next.
MOST_IN_A_ROW: Final = 2
STRIPPED_WIDTH: Final = 4

# What is lost where a mark was put between the two bytes of another mark: the first byte of the pair that was hit,
# by the first byte of the mark that stands behind it (A1A3 is 。, A3A1 is ！).
_FIRST_OF_HIT: Final = {0xA3: 0xA1, 0xA1: 0xA3}


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves of one search over a page; what falls too far behind its front is not made."""

    page: Page
    front: Frontier

    def all(self, state: State) -> Iterator[State]:
        """Every way to go on from a hypothesis, but for those over stripped characters."""
        mark = self.page.marks.get(state.at)
        if mark:
            over = list(self._over(state, mark))
            shown = None if state.leads else self.page.behind(mark, state.context)
            if shown and (not over or not mark.whole):
                kept = state._replace(context=shown)
                over.append(_stepped(kept, mark.end, self.page.text[mark.start : mark.end], kept=True))
            yield from over
            if over and state.at not in self.page.lost:
                return
        yield from self._out_of_step(state) if state.leads else self._in_step(state)

    def _in_step(self, state: State) -> Iterator[State]:
        """The page stands as it is; or a mark of a lost byte is just that, or a byte was lost and left none."""
        page, at = self.page, state.at
        if at == len(page.text):
            return
        char = page.text[at]
        after = _stepped(state._replace(context=state.context.extend(char)), at + 1, char, kept=True)
        for tail in page.tails(at + 1) if at + 1 in page.marks else [state.tail]:
            yield after._replace(tail=tail)
        raw = gbk.encode(char)
        if at in page.doubled and raw:
            doubled = state._replace(leads=(raw[1],), tail=(state.tail[1], raw[1]), price=state.price + DOUBLED)
            yield _stepped(doubled, at + 1)
        lost = state._replace(leads=ANY_LEAD, tail=(state.tail[1], 0))
        if at in page.cuts:
            yield lost._replace(price=state.price + page.unseen)
        if at in page.lost:
            yield _stepped(lost, at + 1)

    def _over(self, state: State, mark: InsertedReading) -> Iterator[State]:
        """Over a reading: it names the two bytes before it, or one of them and the lost one."""
        page, (lead, trail) = self.page, state.tail
        hit = page.table.tells(lead, trail, mark.reading) if mark.whole else ""
        if hit and state.leads:
            yield _stepped(state, mark.end, hit=hit)
        elif hit:
            yield _stepped(state, mark.end, page.text[mark.start : mark.end], kept=True)
        else:
            for lost, hit in page.table.hits(trail, mark.reading):
                price = (page.unseen if mark.whole else 0.0) + page.table.price(hit)
                yield from self._fed(state, mark.end, (lost,), price, hit=hit)

    def _out_of_step(self, state: State) -> Iterator[State]:
        """A lead byte waits: the page feeds it the bytes its characters can have been."""
        page, at, char = self.page, state.at, self.page.text[state.at : state.at + 1]
        if not char:
            if len(state.leads) == 1:
                yield from self._cut_off(state)
            return
        if char == " ":
            yield _stepped(state._replace(price=state.price + (0.0 if page.has_rule else BLANK)), at + 1)
        if len(state.leads) == 1 and (char < "@" or char in MARKS) and char not in LOST_BYTE_SIGNS:
            yield from self._fed(state, at, (LOST,), page.unseen)
        for piece in bytes_behind(page.text, at):
            if piece.raw != (LOST,):
                yield from self._fed(state, piece.end, piece.raw, self._fold_price(piece))
            elif len(state.leads) == 1:
                for one in swallowed(page.text, at + 1, page.folded) if page.takes_along(at) else (NOTHING,):
                    yield from self._fed(state, piece.end, piece.raw, one.price, along=one)
            else:
                for byte in self._split_mark(piece.end):
                    yield from self._fed(state, piece.end, (byte,))
        if page.converted:
            for pair in filter(None, map(gbk.encode, traditional_forms(char))):
                yield from self._fed(state, at + 1, pair, FORM)

    def _cut_off(self, state: State) -> Iterator[State]:
        """The text ends in the middle of a character: what that was, if it is clear; or it may also be left out."""
        fills = sorted(self._fed(state, state.at, (LOST,), self.page.unseen), key=_score)
        if not fills or sum(10 ** (other.score - fills[-1].score) for other in fills[:-1]) > UNSURE:
            yield state._replace(leads=(), since=state.at, price=state.price + HALF)
            yield from fills
        else:
            yield fills[-1]

    def over_stripped(self, state: State) -> Iterator[State]:
        """The hypotheses in which private-use pairs stood here and are gone."""
        before = [state] if state.at < len(self.page.text) else []
        for _ in range(MOST_IN_A_ROW):
            further = (after for earlier in before for after in self._before_stripped(earlier))
            before = nlargest(STRIPPED_WIDTH, further, key=_score)
            for one in before:
                for piece in bytes_behind(self.page.text, state.at):
                    if piece.raw != (LOST,) or len(one.leads) == 1:
                        yield from self._fed(one, piece.end, piece.raw, self._fold_price(piece))

    def _before_stripped(self, state: State) -> Iterator[State]:
        for spelled, leads in stripped(state.leads):
            context, recurring = self._read(state, spelled)
            price = state.price + STRIPPED
            if context.score + recurring + price > self.front.ahead - BEHIND:
                after = state._replace(leads=leads, tail=(0, 0), context=context, price=price, recurring=recurring)
                yield _stepped(after, state.at, self.page.written(spelled))

    def _fed(
        self,
        state: State,
        end: int,
        raw: tuple[int | None, ...],
        price: float = 0.0,
        *,
        hit: str = "",
        along: Swallowed = NOTHING,
    ) -> Iterator[State]:
        """The hypothesis after the bytes ``raw``, which the page shows up to ``end``, for each thing they can spell.

        ``along`` is what went with them.
        """
        page, known = self.page, state.tail if not state.leads else (state.tail[0],)
        price += state.price
        mark = page.marks.get(end)
        reading = mark.reading if mark and mark.whole else ""
        for spelled, leads, stream in spell(state.leads, raw, reading):
            tail = (*known, *stream, leads[0] if len(leads) == 1 else 0) if leads else (*known, *stream)
            last = (tail[-2] or 0, tail[-1] or 0) if len(tail) > 1 else (0, tail[-1])
            belongs = along.length
            if mark and reading and not leads and page.table.tells(*last, reading):
                belongs = mark.end - end  # so that it is compared with others that account for the reading
            context, recurring = self._read(state, spelled + along.reads_as)
            if not self.front.has_hope(end + belongs, context.score + recurring + price):
                continue
            text = page.written(spelled) + along.char
            step = Step(state.path, state.at, end, text, False, hit, context.score + recurring)
            since = state.since if leads else end
            read, others = state.text + text, state.others
            fed = State(end, leads, last, context, price, since, step, read, state.rivals, others, recurring)
            yield _stepped(fed, end + belongs, page.text[end : end + belongs], kept=True) if belongs else fed

    def _read(self, state: State, text: str) -> tuple[Context, float]:
        """The context after ``text``, and what has been gained by recurrence then."""
        if not text:
            return state.context, state.recurring
        first = state.context.extend(text[:1])
        price = first.score - state.context.score
        gained = state.recurring + self.page.recurrence.gain(state.context.last, first.last, price)
        return first if len(text) < 2 else first.extend(text[1:]), gained

    def _fold_price(self, piece: PageBytes) -> float:
        if not piece.folded:
            return 0.0
        price = {True: 0.0, None: FOLD_UNKNOWN, False: FOLD_DENIED}[self.page.folded]
        return price if piece.raw[0] == WIDE_ROW else price + FOLD_OTHERS

    def _split_mark(self, at: int) -> Iterator[int]:
        """The second of two lost bytes: the one that was hit together with the first byte of the mark behind it."""
        page = self.page
        while page.text.startswith(" ", at):
            at += 1
        for raw in page.raws(at) if (page.text[at : at + 1] or " ") in MARKS else ():
            if raw[0] in _FIRST_OF_HIT:
                yield _FIRST_OF_HIT[raw[0]]


def _stepped(state: State, end: int, text: str = "", *, kept: bool = False, hit: str = "") -> State:
    """The hypothesis after a step that was entered in all but place, path and text."""
    step = Step(state.path, state.at, end, text, kept, hit, state.plausibility)
    return state._replace(at=end, path=step, text=state.text + text)


def _score(state: State) -> float:
    return state.score
