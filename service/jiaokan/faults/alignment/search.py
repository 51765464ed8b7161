"""The search over what the bytes behind a page can have been.

A hypothesis reads the page from a cut on. It is in step, or a lead byte waits for its trail byte; each piece of the
page feeds it bytes, and what they spell is scored by the lexicon. Hypotheses are compared at the same place of the
page, so that their scores are probabilities of the same observation. The search ends when all of them have run in
step for a while.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from jiaokan.faults.alignment.moves import State, Step, moves
from jiaokan.faults.alignment.page import Page
from jiaokan.lexicon import START

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
# Hypotheses for which stripped characters are considered, the best ones at a place.
WITH_STRIPPED: Final = 8


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


@dataclass(slots=True)
class Effort:
    """How many more hypotheses may be made for a text, so that no text can keep a machine busy for long."""

    left: int


def restore(page: Page, at: int, effort: Effort) -> Restoration | None:
    """The best way to read ``page`` from the cut at ``at``, or ``None`` if there is none or ``effort`` is used up."""
    return _Search(page, at, effort).run() if effort.left > 0 else None


class _Search:
    """One search: its page, where it began, and whether it had to drop hypotheses."""

    def __init__(self, page: Page, at: int, effort: Effort) -> None:
        self.page, self.start, self.effort = page, at, effort
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
            for rank, state in enumerate(states):  # a move that takes up nothing of the page adds to the list
                for after in moves(self.page, state, strip=rank < WITH_STRIPPED and not self.page.private):
                    (states if after.at == at else waiting[after.at]).append(after)
                    self.effort.left -= 1
            if at == len(self.page.text):
                return self._best(states, at)
            if at - self.start > LONGEST or self.effort.left < 0 or self._is_hopeless(states, at):
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
