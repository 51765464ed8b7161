"""The moves of the search: every way in which a hypothesis can go on over the next piece of a page, and its price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from jiaokan.charset import gbk
from jiaokan.charset.stream import LOST, LOST_MARKS, pieces
from jiaokan.faults.alignment.page import Page, hits, tells
from jiaokan.faults.alignment.spelling import spell, stripped
from jiaokan.lexicon import Context
from jiaokan.lexicon.hanzi import is_han
from jiaokan.lexicon.pinyin import Mark
from jiaokan.lexicon.variants import forms

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
STRIPPED: Final = -1.5

_TAG: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,9}(?: [^<>]*)?/?>")
_ENTITY: Final = re.compile(r"(?:nbsp|amp|lt|gt|quot|[lr][ds]quo|middot|hellip|mdash|#\d{2,6});")


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
        """log10 of the probability of the hypothesis and of what the page shows of it."""
        return self.context.score + self.price


def moves(page: Page, state: State, strip: bool) -> Iterator[State]:
    """Every way to go on from a hypothesis."""
    mark = page.marks.get(state.at)
    if mark:
        over = list(_over(page, state, mark))
        yield from over
        if over:
            return
    yield from _out_of_step(page, state, strip) if state.leads else _in_step(page, state)


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


def _out_of_step(page: Page, state: State, strip: bool) -> Iterator[State]:
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
            if strip and len(state.leads) == 1:
                priced = priced._replace(price=priced.price + STRIPPED)
                for pair in stripped(state.leads[0], piece.raw[0] or 0):
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
    for spelled, leads, stream in spell(state.leads, raw):
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
