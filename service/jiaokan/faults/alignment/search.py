"""The search over what the bytes behind a page can have been.

A hypothesis reads the page from a cut on. It is in step, or a lead byte waits for its trail byte; each piece of the
page feeds it bytes, and what they spell is scored by the lexicon. Hypotheses are compared at the same place of the
page, so that their scores are probabilities of the same observation. Those that cannot be told apart any more are made
one, which remembers how near the others were. The search ends when one is left, or all have run in step for a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final, NamedTuple

from jiaokan.decoder import Decoder, Policy, merge_key
from jiaokan.faults.alignment.channel import BEHIND, Alternative, Budget, Frontier, Moves, State, Step
from jiaokan.faults.alignment.traces import Page, has_private
from jiaokan.lexicon import START

# How far a hypothesis must run in step before it is believed to be, and how far back the first words can reach.
LOOKAHEAD: Final = 6
LOOKBEHIND: Final = 10
# The longest stretch out of step that is followed, in characters of the page. An ASCII trail byte ends one; a third of
# the traditional characters have one, the simplified ones none, so that there only Latin or the end of a line does.
LONGEST: Final = 250

# Hypotheses kept at each place; and how far, in log10, all may fall behind the page as it is.
WIDTH: Final = 16
HOPELESS: Final = 10.0

# Stripped characters are only looked for where the best hypothesis out of step reads worse than this, log10 a
# character, over its last characters; at so many places up to here; for so many hypotheses at each; and not if it is so
# much worse than the best of all.
ROUGH: Final = -3.0
ROUGH_WINDOW: Final = 2
ROUGH_REACH: Final = 5
WITH_STRIPPED: Final = 1
WORTHWHILE: Final = 4.0

# Alternatives that are remembered.
MOST_ALTERNATIVES: Final = 3


class OutOfStep(NamedTuple):
    """A stretch of the page that was out of step, its restored text, and the characters that were hit in it."""

    start: int
    end: int
    text: str
    hits: str


@dataclass(frozen=True, slots=True)
class Realignment:
    """The best reading of a page from a cut on.

    Attributes:
        stretches: what was out of step.
        end: where it came into step for good.
        gain: log10 of its probability over that of the page as it stands.
        margin: log10 of its probability over that of the second-best reading; infinite if there is none.
        confidence: its share of the probability of all readings.
        only: whether the bytes left one reading.
        alternatives: what else may have stood in the stretches and between them, the likeliest first.
    """

    stretches: tuple[OutOfStep, ...]
    end: int
    gain: float
    margin: float
    confidence: float
    only: bool
    alternatives: tuple[str, ...]


def realign(page: Page, at: int, effort: Budget) -> Realignment | None:
    """The best way to read ``page`` from the cut at ``at``, or ``None`` if there is none or ``effort`` is used up."""
    return _Search(page, at, effort).run() if effort.left > 0 else None


class _Search:
    """One search: its page, where it began, what it kept at each place, and whether it had to drop hypotheses."""

    def __init__(self, page: Page, at: int, effort: Budget) -> None:
        self.page, self.start, self.effort = page, at, effort
        self.front = Frontier(effort)
        self.moves = Moves(page, self.front)
        self.as_it_is = [START.extend(page.shown(at, LOOKBEHIND))._replace(pending=page.pending(at))]
        self.decoder = Decoder(_POLICY)
        self.passed: dict[int, list[State]] = {}
        self.with_stripped: set[object] = set()

    def run(self) -> Realignment | None:
        context = self.as_it_is[0]
        for tail in self.page.tails(self.start):
            self._add(State(self.start, (), tail, context, 0.0, self.start))
        for at, states in self.decoder.places():
            if not self.page.private and self._strip(states, at):
                continue
            if not self.decoder.waiting and self._is_settled(states, at):
                return self._best(states, at)
            self.passed[at] = sorted((*states, *self.passed.get(at, ())), key=_negative)
            self.decoder.expand(at, states, self._moves)
            if at == len(self.page.text):
                return self._best(states, at)
            if at - self.start > LONGEST or self.effort.left < 0 or self._is_hopeless(states, at):
                return None
        return None

    def _moves(self, state: State) -> Iterator[State]:
        for after in self.moves.all(state):
            if after.at == state.at or self.front.has_hope(after.at, after.score):
                yield after

    def _add(self, state: State) -> None:
        if self.front.has_hope(state.at, state.score):
            self.decoder.add(state)

    def _strip(self, states: list[State], at: int) -> bool:
        """Where the best hypothesis out of step reads badly, let characters have been stripped before this place."""
        suspect = next((state for state in states if state.leads or at - state.since < ROUGH_WINDOW), None)
        best = max(states[0].score, self.decoder.best_ahead())
        if suspect is None or suspect.score < best - WORTHWHILE or not self._is_rough(suspect):
            return False
        self.front.ahead = best
        self.passed[at] = sorted((*states, *self.passed.get(at, ())), key=_negative)
        added = False
        for place in sorted(self.passed)[-ROUGH_REACH:]:
            for state in islice((s for s in self.passed[place] if s.leads), WITH_STRIPPED):
                if (known := (place, _future(state))) in self.with_stripped:
                    continue
                self.with_stripped.add(known)
                for after in self.moves.over_stripped(state):
                    self._add(after)
                    added = True
        self.front.ahead = float("-inf")
        if added:
            self.decoder.waiting[at] += states
        return added

    def _is_rough(self, state: State) -> bool:
        """Whether the last characters of a hypothesis read badly."""
        length, step = 0, state.path
        while step and length < ROUGH_WINDOW:
            length += len(step.text)
            step = step.earlier
        before = step.score if step else self.as_it_is[0].score
        return length > 0 and (state.plausibility - before) / length < ROUGH

    def _is_settled(self, states: list[State], at: int) -> bool:
        if len(states) == 1:
            return not states[0].leads and states[0].since < at
        return all(not state.leads and self._length(state.since, at) >= LOOKAHEAD for state in states)

    def _length(self, start: int, end: int) -> int:
        """How many characters stand between two places of the page, readings left out."""
        length = 0
        while start < end:
            mark = self.page.marks.get(start)
            start, length = (mark.end, length) if mark and mark.whole else (start + 1, length + 1)
        return length

    def _is_hopeless(self, states: list[State], at: int) -> bool:
        return max(state.score for state in states) < self._score_as_it_is(at) - HOPELESS

    def _score_as_it_is(self, at: int) -> float:
        while (place := self.start + len(self.as_it_is) - 1) < at:
            mark = self.page.marks.get(place)
            behind = self.page.behind(mark, self.as_it_is[-1]) if mark else None
            if mark and behind:
                self.as_it_is += [behind] * (mark.end - mark.start)
            else:
                self.as_it_is.append(self.as_it_is[-1].extend(self.page.text[place]))
        return self.as_it_is[at - self.start].score

    def _best(self, states: list[State], at: int) -> Realignment | None:
        """The likeliest of the readings that are in step, beside the others."""
        best: State | None = None
        texts = set()
        if at == len(self.page.text):  # what stands last ends a line
            states = [state._replace(context=state.context.extend("\n")) for state in states]
        for state in sorted(states, key=_negative):
            if state.leads or state.text in texts:
                continue
            texts.add(state.text)
            best = _with_rival(best, state) if best else state
        stretches = _stretches(best) if best else ()
        if not best or not stretches:
            return None
        gain = best.score - self._score_as_it_is(at)
        margin = -best.others[0].behind if best.others else float("inf")
        kept = all(has_private(self.page.text[stretch.start : stretch.end]) for stretch in stretches)
        only = not best.others and not (self.front.dropped or self.decoder.dropped) and kept
        alternatives = _alternatives(best, stretches[0].start, stretches[-1].end)
        return Realignment(stretches, best.since, gain, margin, round(1 / (1 + best.rivals), 4), only, alternatives)


def _future(state: State) -> object:
    return state.leads, state.tail, merge_key(state.context)


def _joined(better: State, other: State) -> State:
    """The better of two hypotheses with one future, remembering the other if it has another text."""
    better = better._replace(since=max(better.since, other.since))
    if better.text == other.text:
        return better
    return _with_rival(better, other)


def _with_rival(better: State, other: State) -> State:
    """A hypothesis that remembers another one, and what that remembered."""
    behind = other.score - better.score
    rivals = better.rivals + 10**behind * (1 + other.rivals)
    theirs = (Alternative(behind + o.behind, (*o.parts, (other.path, o.until)), better.path) for o in other.others)
    others = sorted(
        (*better.others, Alternative(behind, ((other.path, None),), better.path), *theirs), reverse=True, key=_behind
    )
    return better._replace(rivals=rivals, others=tuple(others[:MOST_ALTERNATIVES]))


def _negative(state: State) -> float:
    return -state.score


def _behind(other: Alternative) -> float:
    return other.behind


_POLICY: Final = Policy(WIDTH, BEHIND, BEHIND, _future, _joined)


def _alternatives(best: State, start: int, end: int) -> tuple[str, ...]:
    """What the hypotheses that ended in the best one read from ``start`` to ``end`` of the page."""
    found = []
    for other in best.others:
        parts = (*other.parts, (best.path, other.until))
        steps = [step for path, until in parts for step in _steps(path, until)]
        found.append("".join(step.text for step in steps if start <= step.start < end or step.start == step.end == end))
    return tuple(dict.fromkeys(found))


def _steps(step: Step | None, until: Step | None = None) -> Iterator[Step]:
    """The steps of a path in their order, after ``until``."""
    found = []
    while step and step is not until:
        found.append(step)
        step = step.earlier
    return reversed(found)


def _stretches(state: State) -> tuple[OutOfStep, ...]:
    """The runs of steps that do not keep the page as it is."""
    found = []
    for kept, run in groupby(_steps(state.path), key=lambda step: step.kept):
        steps = list(run)
        if not kept:
            text = "".join(step.text for step in steps)
            found.append(OutOfStep(steps[0].start, steps[-1].end, text, "".join(step.hit for step in steps)))
    return tuple(found)
