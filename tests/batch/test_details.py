"""What a report tells of documents adds up in any order, and takes a bounded room."""

from __future__ import annotations

from collections import Counter
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

import jiaokan
from crawl import crawl
from jiaokan.batch.census import Census
from jiaokan.batch.census.details import DAMAGED, DOUBTS, SAMPLES
from jiaokan.batch.census.draws import Draw
from jiaokan.batch.documents import Place, Reject, Repairer
from jiaokan.records import to_json
from jiaokan.report import Repair

# Every so many pages of the crawl are enough to have all faults; one more has a place that is marked and stays.
STEP = 9
DESTROYED = ("https://example.org/destroyed", "标题：锟斤拷锟斤拷".encode())


@cache
def repaired() -> tuple[tuple[Place, int, Repair], ...]:
    """Some pages of the crawl, repaired."""
    found: list[tuple[Place, int, Repair]] = []
    repairer = Repairer(noted=lambda place, size, repair, _: found.append((place, size, repair)))
    for number, (name, raw) in enumerate([*[*crawl()][::STEP], DESTROYED], 1):
        repairer.repair(raw, Place("crawl.warc", number, name=name))
    return tuple(found)


def census_of(pages: tuple[tuple[Place, int, Repair], ...] | list[tuple[Place, int, Repair]]) -> Census:
    census = Census(detailed=True)
    for place, size, repair in pages:
        census.add(place, size, repair, 0)
    return census


def test_the_pages_have_every_fault() -> None:
    assert {fault for _, _, repair in repaired() for fault in (each.fault for each in repair.rounds)} == {
        *jiaokan.Fault
    }


def test_counters_agree_with_the_repairs() -> None:
    census = census_of(repaired())
    details = census.details
    assert details
    details.close()
    repairs = [repair for _, _, repair in repaired()]
    assert details.charsets == Counter(repair.source.charset for repair in repairs)
    for counter in (details.scripts, details.sizes, details.changes):
        assert counter.total() == census.documents == len(repairs)
    assert details.characters["all"] == sum(len(repair.source.text) for repair in repairs)
    assert details.letters["traditional"] == sum(repair.scripts.traditional for repair in repairs)
    assert details.applied.total() == census.edits.total()
    assert details.left.total() == census.doubts.total() == sum(len(repair.doubts) for repair in repairs)
    marks = sum(doubt.changes_nothing for repair in repairs for doubt in repair.doubts)
    assert marks == sum(count for name, count in details.left.items() if name.endswith(" residue")) > 0
    assert details.residue["replacements"] == sum(repair.text.count("\ufffd") for repair in repairs) > 0


def test_what_is_quoted_is_what_was_done() -> None:
    census = census_of(repaired())
    assert census.details
    pages = {place: repair for place, _, repair in repaired()}
    for fault, draw in census.details.samples.items():
        for kept in draw:
            repair, pieces = pages[kept.place], kept.what["pieces"]
            meant = next(piece for piece in pieces if len(piece) == 4)
            change = next(change for change in repair.changes if change.edit.start == kept.what["at"])
            assert meant[2] == change.fault == fault
            if not any("…" in side for piece in pieces for side in piece[:2]):
                assert "".join(piece[0] for piece in pieces) in repair.source.text
                assert "".join(piece[len(piece) > 1] for piece in pieces) in repair.text


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_merged_in_any_order_and_grouping_it_is_the_same(data: st.DataObject) -> None:
    pages = data.draw(st.permutations(repaired()))
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(pages))] * 2)))
    parts = [census_of(pages[start:end]) for start, end in ((0, first), (first, second), (second, len(pages)))]
    if data.draw(st.booleans()):
        parts[1].merge(parts[2])
        parts[0].merge(parts[1])
    else:
        parts[1].merge(parts[0])
        parts[1].merge(parts[2])
        parts[0] = parts[1]
    told, expected = parts[0].to_json(), census_of(repaired()).to_json()
    assert to_json(_sorted(told)) == to_json(_sorted(expected))


def _sorted(told: dict[str, object]) -> dict[str, object]:
    """Dictionaries in the order of their names: that in which they were filled says nothing."""
    return {name: _sorted(value) if isinstance(value, dict) else value for name, value in sorted(told.items())}


def test_places_of_a_piece_become_places_of_its_input() -> None:
    whole, piece = Census(detailed=True), census_of(repaired())
    piece.reject(Reject(Place("crawl.warc", 7), "not HTTP"))
    piece.reject(Reject(Place("crawl.warc", 0), "cut off"))
    whole.merge(piece, behind=1000)
    assert whole.details
    draws = [whole.details.damaged, *whole.details.samples.values(), *whole.details.doubts.values()]
    assert all(kept.place.document > 1000 for draw in draws for kept in draw)
    assert {kept.place.document for kept in whole.details.rejects} == {1007, 0}


def test_it_takes_no_more_room_for_many_documents() -> None:
    pages = [
        (place._replace(document=number), size, repair)
        for number in range(1, 120)
        for place, size, repair in repaired()
        if repair.doubts
    ]
    details = census_of(pages).details
    assert details
    assert max(map(len, details.doubts.values())) == DOUBTS
    assert {len(draw) for draw in details.samples.values()} == {SAMPLES}
    assert len(details.damaged) == DAMAGED
    assert sum(draw.offered for draw in details.doubts.values()) == sum(len(repair.doubts) for _, _, repair in pages)
    assert all(isinstance(draw, Draw) for draw in details.doubts.values())
    assert len(to_json(details.to_json())) < 1_000_000
