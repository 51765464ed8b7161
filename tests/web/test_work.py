"""What one process does: values in, bytes and counts out."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator

import pytest

from jiaokan import pipeline
from jiaokan.pipeline import repair, repair_if_clean
from jiaokan.records import MEMBERS, chosen, document
from jiaokan.web.asked import Asked, Options
from jiaokan.web.work import FAILED, Answers, Form, Line, Tally, Wanted, answer, answer_lines, total

DAMAGED = "現(xiàn)代金融，軟體&nbsp;的"


def answered(*raws: bytes | None, members: frozenset[str] | None = None, **defaults: str) -> Answers:
    lines: list[Line] = list(enumerate(raws, 1))
    options: Options = defaults  # type: ignore[assignment]
    return answer_lines(lines, Wanted(options, members, 100), 60)


def rows(answers: Answers) -> Iterator[dict[str, object]]:
    for line in answers.body.splitlines():
        yield json.loads(line)


def test_each_form_of_an_answer() -> None:
    asked = Asked(DAMAGED, None, {})
    repaired = repair(DAMAGED)
    assert json.loads(answer(asked, Form.DOCUMENT).body) == document(repaired)
    assert answer(asked, Form.TEXT).body.decode() == repaired.text
    assert "findings" in json.loads(answer(asked, Form.SURVEY).body)


def test_a_tally_counts_what_the_document_lists() -> None:
    told = answer(Asked(DAMAGED, None, {}), Form.DOCUMENT)
    shown = json.loads(told.body)
    assert told.tally.documents == 1
    assert told.tally.characters == len(DAMAGED)
    for counted, listed in ((told.tally.edits, shown["edits"]), (told.tally.doubts, shown["doubts"])):
        assert sum(counted.values()) == len(listed)
        assert set(counted) == {row["fault"] for row in listed}


def test_tallies_add_up() -> None:
    one, two = Tally(1, 5, {"gaps": 1}, {"script": 2}), Tally(2, 7, {"gaps": 2})
    assert one + two == total([two, one]) == Tally(3, 12, {"gaps": 3}, {"script": 2})
    assert total([]) == Tally()


def test_everything_that_goes_to_a_process_and_back_is_pickled() -> None:
    told = answer(Asked(DAMAGED, "gbk", {"skip": ["gaps"]}), Form.DOCUMENT)
    many = answered(b'"\xe5\x95\x8f"')
    for value in (told, many, Asked(b"x", "gbk", {}), Wanted({}, frozenset({"text"}), 3), Form.TEXT):
        assert pickle.loads(pickle.dumps(value)) == value


def test_a_line_is_a_string_or_an_object_with_options_of_its_own() -> None:
    told = list(rows(answered('"問題"'.encode(), '{"text": "問題", "script": "keep", "id": "b"}'.encode())))
    assert [(row["line"], row.get("id"), row["text"]) for row in told] == [(1, None, "问题"), (2, "b", "問題")]
    assert "id" not in told[0]
    assert {**told[0], "line": None} == {**document(repair("問題")), "line": None}


def test_the_query_holds_where_a_line_says_nothing() -> None:
    lines = ('"問題"'.encode(), '{"text": "問題", "script": "simplified"}'.encode())
    assert [row["text"] for row in rows(answered(*lines, script="keep"))] == ["問題", "问题"]


@pytest.mark.parametrize("given", ["x", "", 0, -1, 1.5, 12345678901234567890, 10**30])
def test_an_id_is_given_back_as_it_came(given: object) -> None:
    assert next(rows(answered(json.dumps({"text": "x", "id": given}).encode())))["id"] == given


@pytest.mark.parametrize("given", ["null", "true", "[]", "{}", "NaN", "Infinity", "1e999"])
def test_what_is_no_id_is_told(given: str) -> None:
    told = next(rows(answered(f'{{"text": "x", "id": {given}}}'.encode())))
    assert told["problem"]["errors"] == [{"pointer": "#/id", "detail": "should be a string or a number"}]  # type: ignore[index]
    assert "id" not in told


@pytest.mark.parametrize(
    ("raw", "status", "detail"),
    [
        (b"nope", 400, "The line is not JSON: Expecting value at column 1."),
        (b'"\xff"', 400, "The line is not UTF-8: byte 1 fits no character."),
        (b"[" * 90, 400, "The line is not JSON: Expecting value at column 91."),
        (b"3", 422, "# should be an object"),
        (b"{}", 422, "#/text is required"),
        (
            b'{"text": "x", "skip": "gaps", "charset": "gbk"}',
            422,
            "#/skip should be a valid list; #/charset is not known here",
        ),
        (None, 413, "A line must not be longer than 100 bytes."),
    ],
)
def test_a_bad_line_has_a_problem_in_its_place(raw: bytes | None, status: int, detail: str) -> None:
    before, told, after = rows(answered(b'"a"', raw, b'"b"', members=frozenset({"text"})))
    assert (before, after) == ({"line": 1, "text": "a"}, {"line": 3, "text": "b"})
    assert told["line"] == 2
    assert told["problem"]["status"] == status  # type: ignore[index]
    assert told["problem"]["detail"] == detail  # type: ignore[index]


def test_a_bad_line_keeps_its_id() -> None:
    assert next(rows(answered(b'{"id": 7}')))["id"] == 7


def test_a_bug_is_told_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str, **_: object) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(pipeline, "repair", broken)
    answers = answered(b'"a secret"', b"nope")
    assert [row["problem"]["status"] for row in rows(answers)] == [500, 400]  # type: ignore[index]
    assert FAILED in answers.body.decode()
    assert b"secret" not in answers.body
    assert len(answers.bugs) == 1
    assert answers.bugs[0].startswith("ValueError at ")
    assert "secret" not in answers.bugs[0]


def test_lines_come_back_when_their_time_is_over() -> None:
    lines: list[Line] = [(1, b'"a"'), (2, b'"b"'), (3, b'"c"')]
    answers = answer_lines(lines, Wanted({}, None, 100), -1)
    assert answers.done == 1
    assert [row["line"] for row in rows(answers)] == [1]


def test_a_surrogate_goes_through() -> None:
    answers = answered(rb'{"text": "\ud800", "id": "\udfff", "skip": ["codepoints"]}')
    assert answers.body.isascii()
    told = next(rows(answers))
    assert (told["text"], told["id"]) == ("\ud800", "\udfff")


def test_what_is_not_asked_for_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    repaired = repair(DAMAGED)
    assert chosen(repaired) == document(repaired)
    assert tuple(chosen(repaired)) == MEMBERS
    for name in MEMBERS:
        assert chosen(repaired, {name}) == {name: document(repaired)[name]}  # type: ignore[literal-required]
    monkeypatch.setattr("jiaokan.report.compose", None)
    monkeypatch.setattr("jiaokan.report.merge", None)
    assert chosen(repair(DAMAGED), {"text", "charset"}) == {"text": repaired.text, "charset": None}


@pytest.mark.parametrize("source", ["现代金融", "现代金融".encode(), b"plain", "", b""])
def test_clean_documents_need_no_second_look(source: str | bytes) -> None:
    found = repair_if_clean(source)
    assert found == repair(source)
    assert found is not None
    assert not found.rounds


@pytest.mark.parametrize("source", ["現代", "現代".encode(), "现代金融".encode("gbk"), b"\xff", "a\u200bb"])
def test_others_are_not_judged_at_a_glance(source: str | bytes) -> None:
    assert repair_if_clean(source) is None
