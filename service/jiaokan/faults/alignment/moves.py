"""The moves of the search: every way in which a hypothesis can go on over the next piece of a page, and its price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

from jiaokan.charset import gbk
from jiaokan.charset.stream import LOST, LOST_BYTE_SIGNS, PageBytes, bytes_behind
from jiaokan.faults.alignment.hypotheses import BEHIND, Frontier, State, Step
from jiaokan.faults.alignment.page import MARKS, WIDE_ROW, Page
from jiaokan.faults.alignment.spelling import ANY_LEAD, spell, stripped
from jiaokan.faults.alignment.swallowed import NOTHING, Swallowed, swallowed
from jiaokan.lexicon import Context
from jiaokan.lexicon.pinyin import InsertedReading
from jiaokan.lexicon.variants import traditional_forms

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
