"""The laws of a repair on texts and bytes that nobody wrote: every one gives a Repair, and every Repair is true."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import reduce
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan import Consent, Repair, apply, detect, invert, repair

LONGEST: Final = 200

# What damaged pages are made of: cut readings, whole ones, marks of lost bytes, references, letters out of step.
FRAGMENTS: Final = (
    "?shù)厣祥T",
    "當?shù)",
    "(xiàn)",
    "現(xiàn)",
    "業(yè)",
    "?yàn)",
    "A(yù)pp",
    "（fā）",
    "(fa)",
    "??焖俚馁J款",
    "?，F(xiàn)在",
    "\ufffd",
    "?nbsp;",
    "&nbsp;",
    "&#20013;",
    "&#xD800;",
    "\ue30a",
    "Ｉ",
    "著",
    "乾",
    "の",
    "한",
    "\u200b",
    "\x07",
    "\n",
    " ",
)


def replayed(result: Repair) -> str:
    return reduce(lambda text, each: apply(text, each.edits), result.rounds, result.source.text)


def holds_the_laws(result: Repair) -> bool:
    source = result.source.text
    return (
        apply(source, result.edits) == result.text
        and apply(result.text, invert(result.edits)) == source
        and replayed(result) == result.text
        and tuple(change.edit for change in result.changes) == result.edits
        and all(source[slice(*edit.span)] == edit.before for doubt in result.doubts for edit in doubt.edits)
        and (result.text is source or bool(result.edits))
    )


def length(chance: random.Random) -> int:
    """From 0 to 199, short ones more often: they meet the ends of a text."""
    return chance.randrange(chance.randrange(1, LONGEST + 1))


def uniform(chance: random.Random) -> bytes:
    return chance.randbytes(length(chance))


def gbk_like(chance: random.Random) -> bytes:
    """Pairs of GBK with ASCII between them and a byte gone now and then."""
    pairs = (bytes((chance.randrange(0x81, 0xFF), chance.randrange(0x40, 0xFF))) for _ in range(length(chance) // 2))
    cut = (pair[: chance.choice((1, 2, 2, 2, 2))] for pair in pairs)
    return b"".join(each + chance.choice((b"", b"", b"", b"(", b"\n")) for each in cut)


def utf8_like(chance: random.Random) -> bytes:
    raw = bytearray("".join(chr(chance.randrange(0x4E00, 0x9FA6)) for _ in range(length(chance) // 3)).encode())
    for _ in range(chance.randrange(4)):
        if raw:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def big5_like(chance: random.Random) -> bytes:
    pairs = (bytes((chance.randrange(0xA1, 0xFA), chance.randrange(0x40, 0xFF))) for _ in range(length(chance) // 2))
    return b"".join(pairs)


def any_text(chance: random.Random) -> str:
    """Any code points at all, lone surrogates among them."""
    return "".join(chr(chance.randrange(0x110000)) for _ in range(length(chance)))


def plane_text(chance: random.Random) -> str:
    """Code points of the ranges that decisions are made about."""
    ranges = ((0x00, 0x100), (0x4E00, 0x9FA6), (0x2000, 0x2070), (0xD800, 0xF900), (0xF900, 0xFB00), (0x2E80, 0x3100))
    return "".join(chr(chance.randrange(*chance.choice(ranges))) for _ in range(length(chance)))


def page_text(chance: random.Random) -> str:
    """Han characters with fragments of damage thrown in."""
    out = ""
    for _ in range(length(chance) // 16):
        out += "".join(chr(chance.randrange(0x4E00, 0x9FA6)) for _ in range(chance.randrange(20)))
        out += chance.choice(FRAGMENTS)
    return out[:LONGEST]


# How many documents of each kind; one in SHARE of them unless there is time for all.
BYTES: Final = {uniform: 1000, gbk_like: 4000, utf8_like: 2600, big5_like: 2400}
TEXTS: Final = {any_text: 3000, plane_text: 5000, page_text: 2000}
SHARE: Final = 40


def test_there_are_ten_thousand_of_each() -> None:
    assert sum(BYTES.values()) == sum(TEXTS.values()) == 10_000
    assert sum(times // SHARE for times in BYTES.values()) == sum(times // SHARE for times in TEXTS.values()) == 250


def repaired(given: str | bytes) -> Repair:
    """The repair, or what was raised with the document that raised it."""
    try:
        return repair(given)
    except Exception as error:
        error.add_note(f"repair({given!a})")
        raise


# Not watched for the lines that run, which more than doubles their time: the other tests run these lines, too.
@pytest.mark.no_cover
@pytest.mark.parametrize(("make", "times"), BYTES.items())
def test_random_bytes_give_a_true_repair(
    make: Callable[[random.Random], bytes], times: int, seed: str, long: bool
) -> None:
    chance = random.Random(f"{make.__name__} {seed}")
    for _ in range(times if long else times // SHARE):
        raw = make(chance)
        result = repaired(raw)
        assert result.source.raw is raw
        assert holds_the_laws(result), raw


@pytest.mark.no_cover
@pytest.mark.parametrize(("make", "times"), TEXTS.items())
def test_random_texts_give_a_true_repair(
    make: Callable[[random.Random], str], times: int, seed: str, long: bool
) -> None:
    chance = random.Random(f"{make.__name__} {seed}")
    for _ in range(times if long else times // SHARE):
        text = make(chance)
        assert holds_the_laws(repaired(text)), ascii(text)


pieces = st.sampled_from(FRAGMENTS) | st.text("的地当门随显金融ABC?(), ", max_size=4)
damaged = st.lists(pieces, max_size=12).map("".join)
options = st.fixed_dictionaries(
    {
        "script": st.sampled_from(["simplified", "keep"]),
        "consent": st.sampled_from(["certain", "probable", "suggested"]),
        "skip": st.lists(st.sampled_from(["alignment", "annotation", "codepoints", "script", "gaps", "transcoding"])),
    }
)


@given(st.text(max_size=60) | damaged, options)
def test_any_text_with_any_options(text: str, asked: dict[str, str]) -> None:
    result = repair(text, **asked)  # type: ignore[arg-type]
    assert holds_the_laws(result)
    applied = {finding.consent for each in result.rounds for finding in each.findings}
    assert all(consent.permits(Consent(asked["consent"])) for consent in applied)
    assert not {each.fault for each in result.rounds} & set(asked["skip"])


@given(st.binary(max_size=80), st.sampled_from([None, "utf-8", "gbk", "big5", "utf-16", "hz", "nonsense"]))
def test_any_bytes_with_any_label(raw: bytes, charset: str | None) -> None:
    assert holds_the_laws(repair(raw, charset=charset))


@given(damaged)
def test_a_repaired_text_needs_no_repair(text: str) -> None:
    once = repair(text).text
    twice = repair(once)
    assert twice.edits == ()
    assert twice.text is once


@given(damaged)
def test_findings_are_located_in_the_source(text: str) -> None:
    for finding in detect(text):
        assert finding.edits
        assert all(text[slice(*edit.span)] == edit.before for edit in finding.edits)
        assert 0 <= finding.confidence <= 1


@given(st.text("的一是不了人我在有这中大来上个国", max_size=40))
def test_what_has_no_fault_comes_back_as_the_same_object(text: str) -> None:
    assert repair(text).text is text


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_text_of_nothing_but_damage_gives_a_true_repair(fragment: str) -> None:
    assert holds_the_laws(repair(fragment * 20))
