"""What recurs among the doubts and the rejects that were drawn, and how often it was there.

Where all of them are at hand the counts are exact; otherwise they are estimated from those that were drawn.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final

from jiaokan.batch.census.draws import Draw, Kept

# Groups of each kind that are told, and what is told of each.
GROUPS: Final = 40
EXAMPLES: Final = 3
FILLS: Final = 5
# Characters before a gap by which its like is known: 通过 of 通过 与借款人.
_NEIGHBOURS: Final = 2
# A fill that is less probable says nothing: it would show as 0.00.
_LEAST_FILL: Final = 0.005
_NUMBER: Final = re.compile(r"(?<![\w+-])\d[\d,.]*\b")
_ELSEWHERE: Final = ", as elsewhere"  # that it recurs within its page is told by the count


def doubts(draw: Draw) -> dict[str, Any]:
    """The doubts of one fault that came more than once, the most frequent first.

    Where one of several words may be missing, doubts are of a kind if the same stands before them, and the fills are
    those of all of them: the mean of their confidence. Others are of a kind if they say the same and would change the
    same.
    """
    return _told(draw, _kind, _recurring)


def rejects(draw: Draw) -> dict[str, Any]:
    """The reasons for rejects, the most frequent first; numbers in them do not tell them apart."""
    return _told(draw, lambda what: _NUMBER.sub("…", what["reason"]), _rejected, least=1)


def _told(
    draw: Draw, kind: Callable[[Any], Hashable], tell: Callable[[list[Kept]], dict[str, Any]], least: int = 2
) -> dict[str, Any]:
    groups: dict[Hashable, list[Kept]] = defaultdict(list)
    for kept in draw:
        groups[kind(kept.what)].append(kept)
    ranked = sorted(groups.values(), key=lambda group: (-len(group), group[0].rank))
    drawn = sum(map(len, ranked))
    chosen = [group for group in ranked if len(group) >= least][:GROUPS]
    return {
        "all": draw.offered,
        "drawn": drawn,
        "groups": [{"count": _estimated(len(group), drawn, draw.offered), **tell(group)} for group in chosen],
        "others": _estimated(drawn - sum(map(len, chosen)), drawn, draw.offered),
    }


def _estimated(count: int, drawn: int, offered: int) -> int:
    """How many there were, if ``count`` of those ``drawn`` from ``offered`` are such.

    >>> _estimated(3, 100, 100), _estimated(3, 100, 1000)
    (3, 30)
    """
    return round(count * offered / drawn) if drawn else 0


def _kind(what: dict[str, Any]) -> Hashable:
    reason = _reason(what["evidence"])
    if len(what["fills"]) > 1:
        return reason, what["left"][-_NEIGHBOURS:]
    return reason, what["before"], what["after"]


def _reason(evidence: str) -> str:
    """The evidence without what tells one place from the next.

    >>> _reason("a word is missing, not in the source: nothing closes 在; 时候 0.19, 同时 0.10")
    'a word is missing, not in the source: nothing closes 在'
    >>> _reason("read as cp1252, was UTF-8; 12 characters lost"), _reason("traditional for 93% of them")
    ('read as cp1252, was UTF-8', 'traditional for …% of them')
    """
    return _NUMBER.sub("…", evidence.split("; ")[0].removesuffix(_ELSEWHERE))


def _recurring(group: Sequence[Kept]) -> dict[str, Any]:
    whats = [kept.what for kept in group]
    several = any(len(what["fills"]) > 1 for what in whats)
    return {
        "reason": _reason(whats[0]["evidence"]),
        "before": _commonest(what["before"] for what in whats),
        "after": None if several else whats[0]["after"],
        "kind": _commonest(what["kind"] for what in whats),
        "confidence": round(sum(what["confidence"] for what in whats) / len(whats), 3),
        "fills": _pooled(whats) if several else [],
        "examples": [_example(kept) for kept in _unlike(group)],
    }


def _pooled(whats: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fills of all, with the mean of their confidence."""
    sums: dict[str, float] = defaultdict(float)
    for what in whats:
        for word, confidence in what["fills"]:
            sums[word] += confidence
    means = {word: total / len(whats) for word, total in sums.items()}
    best = sorted(means.items(), key=lambda fill: (-fill[1], fill[0]))[:FILLS]
    return [{"text": word, "confidence": round(mean, 3)} for word, mean in best if mean >= _LEAST_FILL]


def _unlike(group: Sequence[Kept]) -> list[Kept]:
    """Some of a group, with different text around them as long as there is any."""
    seen = {(kept.what["left"], kept.what["right"]): kept for kept in reversed(group)}
    return [*seen.values()][::-1][:EXAMPLES]


def _example(kept: Kept) -> dict[str, Any]:
    return {"place": kept.place._asdict(), **{name: kept.what[name] for name in ("left", "before", "after", "right")}}


def _rejected(group: Sequence[Kept]) -> dict[str, Any]:
    examples = [{"place": kept.place._asdict(), "reason": kept.what["reason"]} for kept in group[:EXAMPLES]]
    reason = group[0].what["reason"]
    return {"reason": reason if len(group) == 1 else _NUMBER.sub("…", reason), "examples": examples}


def _commonest(values: Iterable[str]) -> str:
    return min(Counter(values).items(), key=lambda one: (-one[1], one[0]))[0]
