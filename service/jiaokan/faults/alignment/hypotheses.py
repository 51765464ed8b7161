"""What the search weighs: hypotheses, how they came about, and how far they may fall behind one another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from jiaokan.faults.alignment.spelling import Leads
from jiaokan.lexicon import Context

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
