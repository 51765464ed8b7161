"""A draw keeps the least, whoever makes it and in however many parts."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from jiaokan.batch.census.draws import Draw, digest
from jiaokan.batch.documents import Place

MOST = 4
RANKS = st.lists(st.integers(0, 1000), max_size=40, unique=True)


def drawn(ranks: list[int]) -> Draw:
    draw = Draw(MOST)
    for rank in ranks:
        draw.offer((rank,), Place("in", rank), lambda rank=rank: {"rank": rank})
    return draw


@given(RANKS)
def test_the_least_are_kept(ranks: list[int]) -> None:
    draw = drawn(ranks)
    assert [kept.what["rank"] for kept in draw] == sorted(ranks)[:MOST]
    assert (draw.offered, len(draw)) == (len(ranks), min(len(ranks), MOST))


@given(RANKS, st.lists(st.integers(0, 39), max_size=3), st.randoms(use_true_random=False))
def test_parts_add_up_in_any_order(ranks: list[int], cuts: list[int], chance: Random) -> None:
    borders = [0, *sorted(cuts), len(ranks)]
    parts = [drawn(ranks[start:end]) for start, end in pairwise(borders)]
    chance.shuffle(parts)
    whole = Draw(MOST)
    for part in parts:
        whole.merge(Draw.from_json(MOST, json.loads(json.dumps(part.to_json()))))
    assert whole.to_json() == drawn(ranks).to_json()


def test_what_is_not_kept_is_not_made() -> None:
    draw = drawn([*range(100, 109)])  # one more than twice as many as are kept, so that it has been trimmed
    draw.offer((200,), Place("in"), lambda: 1 / 0)
    assert draw.offered == 10


def test_places_move_behind_the_records_before_them() -> None:
    whole = drawn([1])
    whole.merge(drawn([2]), behind=100)
    assert [kept.place.document for kept in whole] == [1, 102]


def test_a_digest_takes_anything() -> None:
    assert 0 <= digest("\ud800", None, 1) < 1 << 64
