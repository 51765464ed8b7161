"""The search over what the bytes behind a page can have been.

A hypothesis reads the page from a cut on. It is in step, or a lead byte waits for its trail byte; each piece of the
page feeds it bytes, and what they spell is scored by the lexicon. Hypotheses are compared at the same place of the
page, so that their scores are probabilities of the same observation. The search ends when all of them have run in
step for a while.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from itertools import groupby
from typing import Final, NamedTuple

from jiaokan.charset import gbk
from jiaokan.charset.stream import LOST, LOST_MARKS, pieces
from jiaokan.faults.alignment.page import Page, hits, tells
from jiaokan.lexicon import START, Context
from jiaokan.lexicon.hanzi import MARK_CLASS, is_han
from jiaokan.lexicon.pinyin import Mark
from jiaokan.lexicon.variants import forms, simplify
from jiaokan.lexicon.words import RARE_HAN, word_price

# How far a hypothesis must run in step before it is believed to be, and how far back the first word can reach.
LOOKAHEAD: Final = 6
LOOKBEHIND: Final = 6
# The longest stretch out of step that is followed, in characters of the page. An ASCII trail byte ends one, and a
# third of the traditional characters have one, so sixty characters without one are already a rarity.
LONGEST: Final = 120

# Hypotheses kept at each place; how far, in log10, one may fall behind the best one; and behind the page as it is.
WIDTH: Final = 48
BEHIND: Final = 9.0
HOPELESS: Final = 10.0

# Channel prices, log10: how rarely a page does this, beside the ordinary course of things at 0.
UNSEEN: Final = -2.0  # a lost byte left no mark
SWALLOWED: Final = -0.5  # a lost byte took the ASCII character after it along
BLANK: Final = -1.0  # a control character became a blank
FOLD_UNKNOWN: Final = -0.5  # a fullwidth form was folded, on a page that does not show whether it folds
FOLD_DENIED: Final = -4.0  # the same on a page that shows fullwidth forms
FORM: Final = -0.5  # a simplified character was a traditional one, on a converted page
STRANGE_HIT: Final = -1.0  # the character hit is not among those the page annotates elsewhere
# A private-use character was stripped from the page: 13 of the 126 lead bytes are those of user-defined rows, so out
# of step about one pair in twelve is one. Some pages strip them and some do not.
HIDDEN: Final = -1.5
MOST_HIDDEN: Final = 24  # of the pairs that can have been stripped at one place

_TAG: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,9}(?: [^<>]*)?/?>")
_ENTITY: Final = re.compile(r"(?:nbsp|amp|lt|gt|quot|[lr][ds]quo|middot|hellip|mdash|#\d{2,6});")
_MARKS: Final = frozenset(MARK_CLASS)

# The lead bytes of the user-defined rows, with those of their trail bytes that can be lead bytes themselves.
_PRIVATE: Final = (
    *((lead, tuple(range(0xA1, 0xFF))) for lead in (*range(0xAA, 0xB0), *range(0xF8, 0xFF))),
    *((lead, tuple(range(0x81, 0xA1))) for lead in range(0xA1, 0xA8)),
)


class Step(NamedTuple):
    """A stretch of the page and what it is read as, at the end of a chain of such steps."""

    earlier: Step | None
    start: int
    end: int
    text: str
    kept: bool
    hit: str


class State(NamedTuple):
    """A hypothesis at a place of the page.

    Attributes:
        at: where it is on the page.
        leads: what the waiting lead byte can be; empty in step.
        tail: the last two bytes of the stream, 0 where unknown.
        context: what has been spelled, as the lexicon sees it.
        price: log10 of what the channel has done so far.
        since: where it last came into step.
        path: how it got here.
    """

    at: int
    leads: Sequence[int]
    tail: tuple[int, int]
    context: Context
    price: float
    since: int
    path: Step | None

    @property
    def score(self) -> float:
        return self.context.score + self.price


class Stretch(NamedTuple):
    """A stretch of the page that was out of step, its restored text, and the characters that were hit in it."""

    start: int
    end: int
    text: str
    hits: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """The best reading of a page from a cut on.

    Attributes:
        stretches: what was out of step.
        end: where it came into step for good.
        gain: log10 of its probability over that of the page as it stands.
        margin: log10 of its probability over that of the second-best reading; infinite if there is none.
        confidence: its share of the probability of all readings.
        only: whether the bytes left one reading.
    """

    stretches: tuple[Stretch, ...]
    end: int
    gain: float
    margin: float
    confidence: float
    only: bool


def restore(page: Page, at: int) -> Restoration | None:
    """The best way to read ``page`` from the cut at ``at``, or ``None`` if there is none."""
    return _Search(page, at).run()


class _Search:
    """One search: its page, where it began, and whether it had to drop hypotheses."""

    def __init__(self, page: Page, at: int) -> None:
        self.page, self.start = page, at
        self.dropped = False
        self.as_it_is = [START.extend(page.shown(at, LOOKBEHIND))]

    def run(self) -> Restoration | None:
        context = self.as_it_is[0]
        waiting: dict[int, list[State]] = defaultdict(list)
        waiting[self.start] = [
            State(self.start, (), tail, context, 0.0, self.start, None) for tail in self.page.tails(self.start)
        ]
        while waiting:
            at = min(waiting)
            states = self._kept(waiting.pop(at))
            if not waiting and self._is_settled(states, at):
                return self._best(states, at)
            for state in states:  # a move that takes up nothing of the page adds to the list
                for after in _moves(self.page, state):
                    (states if after.at == at else waiting[after.at]).append(after)
            if at == len(self.page.text):
                return self._best(states, at)
            if at - self.start > LONGEST or not states or self._is_hopeless(states, at):
                return None
        return None

    def _kept(self, states: list[State]) -> list[State]:
        states.sort(key=lambda state: -state.score)
        kept = [state for state in states[:WIDTH] if state.score > states[0].score - BEHIND]
        self.dropped |= len(kept) < len(states)
        return kept

    def _is_settled(self, states: list[State], at: int) -> bool:
        return all(not state.leads and at - state.since >= LOOKAHEAD for state in states)

    def _is_hopeless(self, states: list[State], at: int) -> bool:
        return max(state.score for state in states) < self._score_as_it_is(at) - HOPELESS

    def _score_as_it_is(self, at: int) -> float:
        for char in self.page.text[self.start + len(self.as_it_is) - 1 : at]:
            self.as_it_is.append(self.as_it_is[-1].extend(char))
        return self.as_it_is[at - self.start].score

    def _best(self, states: list[State], at: int) -> Restoration | None:
        """The likeliest of the readings that are in step, beside the others."""
        texts: dict[str, State] = {}
        for state in sorted(states, key=lambda state: -state.score):
            if not state.leads:
                texts.setdefault("".join(step.text for step in _steps(state)), state)
        if not texts:
            return None
        best, *others = texts.values()
        stretches = _stretches(best)
        if not stretches:
            return None
        margin = best.score - others[0].score if others else float("inf")
        confidence = 1 / (1 + sum(10 ** (other.score - best.score) for other in others))
        gain = best.score - self._score_as_it_is(at)
        return Restoration(stretches, best.since, gain, margin, confidence, not others and not self.dropped)


def _moves(page: Page, state: State) -> Iterator[State]:
    """Every way to go on from a hypothesis."""
    mark = page.marks.get(state.at)
    if mark:
        over = list(_over(page, state, mark))
        yield from over
        if over:
            return
    yield from _out_of_step(page, state) if state.leads else _in_step(page, state)


def _in_step(page: Page, state: State) -> Iterator[State]:
    """The page stands as it is; or a mark of a lost byte is just that."""
    at = state.at
    if at == len(page.text):
        return
    char = page.text[at]
    context, step = state.context.extend(char), Step(state.path, at, at + 1, char, True, "")
    tails = page.tails(at + 1) if at + 1 in page.marks else [state.tail]
    for tail in tails:
        yield State(at + 1, (), tail, context, state.price, state.since, step)
    if at in page.lost:
        lost = Step(state.path, at, at + 1, "", False, "")
        yield State(at + 1, gbk.LEADS, (state.tail[1], 0), state.context, state.price, state.since, lost)


def _over(page: Page, state: State, mark: Mark) -> Iterator[State]:
    """Over a reading: it names the two bytes before it, or one of them and the lost one."""
    lead, trail = state.tail
    hit = tells(lead, trail, mark.reading) if mark.whole else ""
    if hit:
        shown = "" if state.leads else page.text[mark.start : mark.end]
        step = Step(state.path, mark.start, mark.end, shown, not state.leads, hit if state.leads else "")
        yield state._replace(at=mark.end, path=step)
        return
    for lost, hit in hits(trail, mark.reading):
        price = (UNSEEN if mark.whole else 0.0) + (0.0 if hit in page.annotated else STRANGE_HIT)
        yield from _fed(page, state._replace(price=state.price + price), mark.end, (lost,), hit=hit)


def _out_of_step(page: Page, state: State) -> Iterator[State]:
    """A lead byte waits: the page feeds it the bytes its characters can have been."""
    at, char = state.at, page.text[state.at : state.at + 1]
    if char == " ":
        blank = Step(state.path, at, at + 1, "", False, "")
        yield state._replace(at=at + 1, price=state.price + BLANK, path=blank)
    if not char:  # the text was cut here, in the middle of a character: half of one is nothing
        yield state._replace(leads=(), since=at, price=state.price + UNSEEN)
        return
    if len(state.leads) == 1 and char < "@" and char not in LOST_MARKS:
        yield from _fed(page, state._replace(price=state.price + UNSEEN), at, (LOST,))
    for piece in pieces(page.text, at):
        if piece.raw != (LOST,):
            priced = state._replace(price=state.price + (_fold_price(page) if piece.folded else 0.0))
            yield from _fed(page, priced, piece.end, piece.raw)
            if len(state.leads) == 1 and not page.private:
                priced = priced._replace(price=priced.price + HIDDEN)
                for pair in _hidden(state.leads[0], piece.raw[0] or 0):
                    yield from _fed(page, priced, piece.end, (*pair, *piece.raw))
        elif len(state.leads) == 1:
            for swallowed, price in _swallowed(page, at):
                with_it = state._replace(price=state.price + price)
                yield from _fed(page, with_it, piece.end, piece.raw, swallowed=swallowed)
    if page.converted:
        for pair in filter(None, map(gbk.encode, forms(char))):
            yield from _fed(page, state._replace(price=state.price + FORM), at + 1, pair)


def _fold_price(page: Page) -> float:
    return {True: 0.0, None: FOLD_UNKNOWN, False: FOLD_DENIED}[page.folded]


def _swallowed(page: Page, at: int) -> Iterator[tuple[str, float]]:
    """What the lost byte whose mark stands at ``at`` can have taken along.

    A decoder gives up on a lead byte because of the byte after it, which is below 0x40; some take it along. What goes
    on like a tag or an entity has lost its first character, and a comma is the likeliest before Han. Before digits and
    Latin letters nothing tells, so that the choices stand beside each other.
    """
    rest = page.text[at + 1 : at + 33]
    if page.text[at] != "?" or not page.swallows or not rest or rest[0] == "\n":
        yield "", 0.0
    elif _TAG.match(rest):
        yield "<", 0.0
    elif _ENTITY.match(rest):
        yield "&", 0.0
    elif is_han(rest[0]) and page.folded is not False:
        yield ",", SWALLOWED
    elif rest[0].isascii() and rest[0].isalnum():
        yield from ((char, 0.0) for char in (*("0123456789" if rest[0].isdigit() else " "), ""))
    else:
        yield "", 0.0


def _fed(
    page: Page,
    state: State,
    end: int,
    raw: tuple[int | None, ...],
    *,
    hit: str = "",
    swallowed: str = "",
) -> Iterator[State]:
    """The hypothesis after the bytes ``raw``, which the page shows up to ``end``, for each thing they can spell."""
    known = state.tail if not state.leads else (state.tail[0],)
    for spelled, leads, stream in _spell(state.leads, raw):
        text = page.written(spelled) + swallowed
        tail = (*known, *stream, leads[0] if len(leads) == 1 else 0) if leads else (*known, *stream)
        step = Step(state.path, state.at, end, text, False, hit)
        yield State(
            end,
            leads,
            (tail[-2] or 0, tail[-1] or 0) if len(tail) > 1 else (0, tail[-1]),
            state.context.extend(spelled + swallowed),
            state.price,
            state.since if leads else end,
            step,
        )


def _spell(
    leads: Sequence[int], raw: tuple[int | None, ...]
) -> Iterator[tuple[str, Sequence[int], tuple[int, ...]]]:
    """What bytes spell after a waiting lead byte: the text, the lead bytes that wait then, the bytes made certain."""
    if not raw:
        yield "", leads, ()
        return
    byte, rest = raw[0], raw[1:]
    if leads:
        for char, pair in _characters(tuple(leads), byte):
            for text, after, stream in _spell((), rest):
                yield char + text, after, pair + stream
    elif byte is not LOST and byte <= 0x80:
        for text, after, stream in _spell((), rest):
            yield _single(byte) + text, after, (byte, *stream)
    elif byte in gbk.LEADS:
        yield from _spell((byte,), rest)


def _single(byte: int) -> str:
    return "€" if byte == 0x80 else chr(byte)


@cache
def _characters(leads: tuple[int, ...], byte: int | None) -> tuple[tuple[str, tuple[int, int]], ...]:
    """The characters of the pairs that these lead bytes make with this trail byte, or with any.

    Where there is a choice only characters that running text uses are offered.
    """
    trails = gbk.TRAILS if byte is LOST else (byte,)
    free = len(leads) * len(trails) > 1
    found = []
    for lead in leads:
        for trail in trails:
            char = gbk.decode(lead, trail)
            if char and not "\ue000" <= char <= "\uf8ff" and (not free or _is_current(char)):
                found.append((char, (lead, trail)))
    return tuple(found)


def _is_current(char: str) -> bool:
    return char in _MARKS or word_price(simplify(char)) is not None


@lru_cache(maxsize=4096)
def _hidden(lead: int, trail: int) -> tuple[tuple[int, int], ...]:
    """The user-defined pairs that can have stood between a waiting lead byte and a trail byte, likeliest first.

    A pair is as likely as the two characters it makes with its neighbours.
    """
    likely = (
        (_pair_price(before, after), (first, second))
        for first, seconds in _PRIVATE
        for before, _ in _characters((lead,), first)
        for after, (second, _) in _characters(seconds, trail)
    )
    return tuple(pair for _, pair in nlargest(MOST_HIDDEN, likely))


def _pair_price(before: str, after: str) -> float:
    """log10 of the frequency of two characters, as a word or as two."""
    apart = (word_price(simplify(before)) or RARE_HAN) + (word_price(simplify(after)) or RARE_HAN)
    return max(apart, word_price(simplify(before + after)) or apart)


def _steps(state: State) -> list[Step]:
    found = []
    step = state.path
    while step:
        found.append(step)
        step = step.earlier
    return found[::-1]


def _stretches(state: State) -> tuple[Stretch, ...]:
    """The runs of steps that do not keep the page as it is."""
    found = []
    for kept, run in groupby(_steps(state), key=lambda step: step.kept):
        steps = list(run)
        if not kept:
            text = "".join(step.text for step in steps)
            found.append(Stretch(steps[0].start, steps[-1].end, text, "".join(step.hit for step in steps)))
    return tuple(found)
