"""The decoder beside an oracle that keeps every hypothesis: on random channels both find the same likeliest text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest

from jiaokan.decoder import Decoder, Policy, merge_key
from jiaokan.lexicon.model import START, Context

ALPHABET = "问题提的是"


class Text(NamedTuple):
    at: int
    context: Context
    price: float
    text: str
    joined: int = 0

    @property
    def score(self) -> float:
        return self.context.score + self.price


def key(each: Text) -> object:
    return merge_key(each.context)


def join(better: Text, other: Text) -> Text:
    return better._replace(joined=better.joined + other.joined + 1)


def decode(channel: list[dict[str, float]], policy: Policy[Text]) -> tuple[list[Text], Decoder[Text]]:
    search = Decoder(policy)
    search.add(Text(0, START, 0.0, ""))

    def moves(each: Text) -> Iterator[Text]:
        for char, price in channel[each.at].items():
            yield Text(each.at + 1, each.context.extend(char), each.price + price, each.text + char)

    for at, kept in search.places():
        if at == len(channel):
            return kept, search
        search.expand(at, kept, moves)
    raise AssertionError("the decoder stopped early")


def random_channel(seed: int) -> list[dict[str, float]]:
    chance = random.Random(seed)
    return [{char: -3 * chance.random() for char in chance.sample(ALPHABET, 3)} for _ in range(5)]


@pytest.mark.parametrize("seed", range(20))
def test_a_wide_search_finds_the_likeliest_of_all_texts(seed: int) -> None:
    channel = random_channel(seed)
    ways = product(*(row.items() for row in channel))
    every = {"".join(c for c, _ in way): sum(p for _, p in way) for way in ways}
    scores = {text: START.extend(text).score + price for text, price in every.items()}
    kept, search = decode(channel, Policy(1000, 100.0, 100.0))
    assert {each.text: pytest.approx(each.score) for each in kept} == scores
    assert kept[0].score == max(each.score for each in kept)
    assert not search.dropped


@pytest.mark.parametrize("seed", range(20))
def test_merged_hypotheses_lose_nothing_but_their_number(seed: int) -> None:
    channel = random_channel(seed)
    every, _ = decode(channel, Policy(1000, 100.0, 100.0))
    merged, search = decode(channel, Policy(1000, 100.0, 100.0, key, join))
    assert merged[0].text == every[0].text
    assert len({key(each) for each in merged}) == len(merged) < len(every)
    assert not search.dropped


def test_what_falls_behind_is_dropped_and_said_to_be() -> None:
    channel = random_channel(1)
    kept, search = decode(channel, Policy(2, 3.0, 3.0, key, join))
    assert len(kept) <= 2
    assert kept[-1].score > kept[0].score - 3.0
    assert search.dropped
