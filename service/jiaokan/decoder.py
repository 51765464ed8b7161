"""The decoder: bytes that are known in part, followed from left to right, scored by the language model.

A page that was cut open between bytes, UTF-8 that lost bytes and charsets of pairs with stray bytes are one problem:
the observation allows many texts, and the likeliest is wanted. A *hypothesis* is a text for everything up to a place of
the observation. A *channel* says by which moves it can go on from there and what each costs; a *policy* says how few
hypotheses are enough. Hypotheses are compared at one place only, where their scores are probabilities of the same
observation.

This is beam search with recombination, as in statistical machine translation. Two hypotheses whose ``merge_key`` is
equal score every continuation alike, so the better one goes on and remembers the other (the channel's ``join``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from jiaokan.lexicon.model import Context

NEVER: Final = float("-inf")


class Hypothesis(Protocol):
    """What the decoder needs to know of a hypothesis.

    Attributes:
        at: the place of the observation that it has come to, a number that moves never lower.
        score: log10 of its probability together with the observation so far.
    """

    @property
    def at(self) -> int: ...  # noqa: D102

    @property
    def score(self) -> float: ...  # noqa: D102


H = TypeVar("H", bound=Hypothesis)


class Policy(NamedTuple, Generic[H]):
    """How a search is kept small.

    Attributes:
        width: hypotheses that go on from one place.
        behind: log10 by which one may fall behind the best at its place.
        behind_ahead: the same, behind the best of all places further on. Scores fall on the way, but for a little where
            a word ends.
        key: what hypotheses with equal keys are merged by; ``None`` to merge none.
        join: the better of two with equal keys, and the other one: what goes on.
        absorb: whether the best one is joined with those beyond the width, which are its rivals although they end here.
    """

    width: int
    behind: float
    behind_ahead: float
    key: Callable[[H], Hashable] | None = None
    join: Callable[[H, H], H] | None = None
    absorb: bool = False


class Decoder(Generic[H]):
    """A search: the hypotheses that wait at each place, and whether any was dropped for being too unlikely.

    Attributes:
        dropped: whether a hypothesis was given up, so that what is left need not be all there is.
    """

    def __init__(self, policy: Policy[H]) -> None:
        self.policy = policy
        self.waiting: defaultdict[int, list[H]] = defaultdict(list)
        self.dropped = False

    def add(self, hypothesis: H) -> None:
        """Let a hypothesis wait at its place."""
        self.waiting[hypothesis.at].append(hypothesis)

    def places(self) -> Iterator[tuple[int, list[H]]]:
        """Place by place the hypotheses that go on from it, the likeliest first, until none waits.

        Whoever iterates expands them, adds others, or stops.
        """
        while self.waiting:
            at = min(self.waiting)
            kept = self.prune(self.waiting.pop(at))
            if kept:
                yield at, kept

    def expand(self, at: int, kept: list[H], moves: Callable[[H], Iterable[H]]) -> None:
        """Make the moves of the hypotheses at a place; what takes up nothing of the observation joins ``kept``."""
        best_next = NEVER
        for hypothesis in kept:
            if hypothesis.score < best_next - self.policy.behind:
                continue
            for after in moves(hypothesis):
                if after.at == at:
                    kept.append(after)
                else:
                    self.add(after)
                    if after.at == at + 1:
                        best_next = max(best_next, after.score)

    def prune(self, hypotheses: list[H]) -> list[H]:
        """The likeliest of the hypotheses at one place, those with equal keys merged."""
        policy = self.policy
        hypotheses.sort(key=_score, reverse=True)
        least = max(hypotheses[0].score - policy.behind, self.best_ahead() - policy.behind_ahead)
        merged = merge(hypotheses, policy)
        hopeful = [each for each in merged if each.score > least]
        kept, beyond = hopeful[: policy.width], hopeful[policy.width :]
        self.dropped |= len(kept) < len(merged)
        if policy.absorb and policy.join:
            for each in beyond:
                kept[0] = policy.join(kept[0], each)
        return kept

    def best_ahead(self) -> float:
        """The best score of the hypotheses that wait."""
        return max((each.score for waiting in self.waiting.values() for each in waiting), default=NEVER)


def merge(hypotheses: Iterable[H], policy: Policy[H]) -> list[H]:
    """The hypotheses, the likeliest first, as one for each key."""
    if policy.key is None or policy.join is None:
        return list(hypotheses)
    merged: dict[Hashable, H] = {}
    for each in hypotheses:
        key = policy.key(each)
        merged[key] = policy.join(merged[key], each) if key in merged else each
    return list(merged.values())


def merge_key(context: Context) -> Hashable:
    """Contexts with equal keys score every continuation alike, up to small differences between divisions into words."""
    histories = tuple([history for history, _ in context.paths])
    return context.last, context.pending, context.asks, histories, tuple([node for node, _ in context.open])


def _score(hypothesis: Hypothesis) -> float:
    return hypothesis.score
