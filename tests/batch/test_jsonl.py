"""JSON Lines: the texts are repaired, and all else keeps its very bytes."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rewriting import NAME, in_blocks, in_pieces, whole

from jiaokan.batch.documents import ADDED, LONGEST, Place, Reject, Repairer
from jiaokan.batch.formats import jsonl
from jiaokan.batch.pieces import InputError, Piece, Shape

UNTOUCHED = [
    '{"text":"问题"}\n',
    ' { "n" : 1.10 , "text" : "问题", "id":12345678901234567890123 , "e":1E5,"z":-0.0 } \n',
    '{"text":"\\u95ee\\u9898\\/","a":"\\ud83d","NaN":NaN}\n',
    '{"b":1,"a":2,"b":3,"text":null}\r\n',
    '{"other":"問題"}\n',
    "\n",
    " \r\n",
    '{"text":"问\\n题","deep":[[{"text":"問題"}]]}',
]


def written(path: Path, lines: str, shape: Shape | None = None, **options: Any) -> str:
    return whole(jsonl, path / "x", lines.encode(), shape, **options).content.decode()


@pytest.mark.parametrize("line", UNTOUCHED)
def test_a_line_in_which_nothing_changes_keeps_its_very_bytes(line: str, tmp_path: Path) -> None:
    assert written(tmp_path, line) == line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{ "a":1.10,"text" : "問題", "b":[1e5] }\r\n', '{ "a":1.10,"text" : "问题", "b":[1e5] }\r\n'),
        ('{"text":"\\u554f\\u984c"}\n', '{"text":"\\u95ee\\u9898"}\n'),
        ('{"text":"\\u554f題\\/\\t\\""}\n', '{"text":"问题/\\t\\""}\n'),
        ('\ufeff{"text":"問"}\n{"text":"題"}', '\ufeff{"text":"问"}\n{"text":"题"}'),
        ('{"text":"問","text":"題"}\n', '{"text":"問","text":"题"}\n'),
        ('{"text":["問","题",null,"題"]}\n', '{"text":["问","题",null,"题"]}\n'),
        ('{"x":"問","text":"a\tb題"}\n', '{"x":"問","text":"a\\tb题"}\n'),
    ],
)
def test_only_the_text_is_written_anew(before: str, after: str, tmp_path: Path) -> None:
    assert written(tmp_path, before) == after


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        (("page.body",), '{"page":{"body":"問","id":"題"}}', '{"page":{"body":"问","id":"題"}}'),
        (("pages[].body",), '{"pages":[{"body":"問"},{},{"body":"題"}]}', '{"pages":[{"body":"问"},{},{"body":"题"}]}'),
        (("pages.body",), '{"pages":[{"body":"問"},3]}', '{"pages":[{"body":"问"},3]}'),
        ((r"page\.body",), '{"page":{"body":"問"},"page.body":"題"}', '{"page":{"body":"問"},"page.body":"题"}'),
        (("page.body",), '{"page":{"body":"問"},"page.body":"題"}', '{"page":{"body":"問"},"page.body":"题"}'),
        (("a", "b"), '{"b":"問","c":"問","a":"題"}', '{"b":"问","c":"問","a":"题"}'),
        (("page.body",), '{"page":"問"}', '{"page":"問"}'),
    ],
)
def test_fields_are_found_by_path(fields: tuple[str, ...], before: str, after: str, tmp_path: Path) -> None:
    assert written(tmp_path, before, Shape(NAME, fields)) == after


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        (("text",), '{"text":"問題" }\n', '{"text":"问题","jiaokan.faults":["script"] }\n'),
        (("text",), "{ }\n", '{"jiaokan.faults":null }\n'),
        (("text",), '{"text":null}\n', '{"text":null,"jiaokan.faults":null}\n'),
        (("text",), '{"jiaokan.faults":{"old":1},"text":"问"}', '{"jiaokan.faults":[],"text":"问"}'),
        (("text",), '{"text":["問",null]}', '{"text":["问",null],"jiaokan.faults":[["script"],null]}'),
        (("text",), '{"text":[]}', '{"text":[],"jiaokan.faults":null}'),
        (("a", "b"), '{"a":"問"}', '{"a":"问","jiaokan.a.faults":["script"],"jiaokan.b.faults":null}'),
    ],
)
def test_what_is_told_stands_behind_the_rest(fields: tuple[str, ...], before: str, after: str, tmp_path: Path) -> None:
    assert written(tmp_path, before, Shape(NAME, fields), wanted=["faults"]) == after


def test_everything_can_be_told_and_is_json(tmp_path: Path) -> None:
    told = json.loads(written(tmp_path, '{"text":"現(xiàn)代"}', wanted=ADDED))
    assert [*told] == ["text", *(f"jiaokan.{name}" for name in ADDED)]
    assert told["jiaokan.chars_changed"] == 7
    assert [edit["before"] for edit in told["jiaokan.edits"]] == ["現", "(xiàn)"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text":"a"', "it is no JSON: Expecting ',' delimiter at character 13 of the line"),
        ("text", "it is no JSON: Expecting value at character 1 of the line"),
        ('{"text":"a"} {}', "it is no JSON: Extra data at character 14 of the line"),
        ("[1]", "it is a list, not an object"),
        ("1", "it is a number, not an object"),
        ("null", "it is null, not an object"),
        ('{"text":5}', "'text' holds a number, not text"),
        ('{"text":{}}', "'text' holds an object, not text"),
        ('{"text":["a",true]}', "'text' holds true or false, not text"),
        ('{"text":"a","deep":' + "[" * 9999 + "]" * 9999 + "}", "it is nested too deeply"),
    ],
)
def test_a_broken_record_is_rejected_and_the_rest_goes_on(line: str, reason: str, tmp_path: Path) -> None:
    found = whole(jsonl, tmp_path / "x", f'{{"text":"問"}}\n\n{line}\n{{"text":"題"}}'.encode())
    assert found.content.decode() == '{"text":"问"}\n\n{"text":"题"}'
    assert (found.records, found.reasons) == (3, [(2, reason)])


def test_a_record_is_rejected_once_whichever_of_its_documents_cannot_be_repaired(tmp_path: Path) -> None:
    raw = '{"text":["問","題"],"x":1}\n{"text":null}\n'.encode()
    found = whole(jsonl, tmp_path / "x", raw, options={"script": "none"})
    assert (found.content, found.records) == (b'{"text":null}\n', 2)
    assert [(place, reason.split(":")[0]) for place, reason in found.reasons] == [(1, "ValueError")]


def test_a_line_in_another_charset_is_read_and_comes_out_in_utf8(tmp_path: Path) -> None:
    odd = '{"text":"這個問題的處理方法","備注":"說明"}\n'.encode("gb18030")
    raw = '{"text":"這"}\n'.encode() + odd
    lines = whole(jsonl, tmp_path / "x", raw, wanted=["charset"]).content.decode().splitlines()
    assert lines[0] == '{"text":"这","jiaokan.charset":null}'
    assert lines[1] == '{"text":"这个问题的处理方法","備注":"說明","jiaokan.charset":"gb18030"}'


def test_a_declared_charset_does_not_hide_utf8(tmp_path: Path) -> None:
    line = '{"text":"這個問題的處理方法", "n":1.10}\n'
    assert written(tmp_path, line, charset="gb18030") == line.replace("這個問題的處理", "这个问题的处理")


def test_a_lone_surrogate_is_kept_where_it_is_not_repaired(tmp_path: Path) -> None:
    line = '{"text":"問\\ud83d","x":"\\ud83d"}\n'
    assert written(tmp_path, line, options={"skip": ["codepoints"]}) == line.replace("問", "问")


def test_texts_alone_are_written_one_below_the_other(tmp_path: Path) -> None:
    lines = '{"text":"問"}\r\n\n{"text":null}\n{}\n{"text":["題\\ud83d","a\\nb"]}'
    assert (
        written(tmp_path, lines, Shape(NAME, text_only=True), options={"skip": ["codepoints"]})
        == "问\n题\ufffd\na\nb\n"
    )


def test_a_file_that_cannot_be_cut_at_line_breaks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UTF-16"):
        whole(jsonl, tmp_path / "x", '{"text":"問"}\n'.encode("utf-16"))


def test_what_is_compressed_comes_out_compressed(tmp_path: Path) -> None:
    raw = '{"text":"問"}\n'.encode()
    (tmp_path / "x").write_bytes(gzip.compress(raw * 3))
    target = io.BytesIO()
    piece = Piece(tmp_path / "x", 0, 1, compression="gzip")
    assert jsonl.rewrite(piece, target, Shape(NAME, compression="gzip"), Repairer()) == 3
    assert gzip.decompress(target.getvalue()).decode() == '{"text":"问"}\n' * 3


def test_an_empty_file_is_one_empty_piece(tmp_path: Path) -> None:
    assert in_pieces(jsonl, tmp_path / "x", b"", 10) == in_blocks(jsonl, tmp_path / "x", b"", 10) == (b"", 0, [])


def test_a_file_is_cut_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"text":"a"}\n' * 1000)
    pieces = [*jsonl.pieces(tmp_path / "x", 4000)]
    assert [piece.end for piece in pieces] == [4004, 8008, 12012, 13000]


LONG = 48 * 1024 * 1024


@pytest.mark.parametrize("streamed", [False, True])
def test_a_line_that_is_too_long_is_rejected_and_never_held(streamed: bool, tmp_path: Path) -> None:
    path, longest = tmp_path / "x", 1 << 20
    with path.open("wb") as file:
        file.write('{"text":"問"}\n{"text":"'.encode())
        for _ in range(LONG >> 20):
            file.write(b"a" * (1 << 20))
        file.write('"}\n{"text":"題"}'.encode())
    written, rejects = io.BytesIO(), list[Reject]()
    repairer = Repairer(longest=longest, rejected=rejects.append)
    repairer.repair("問", Place(NAME))  # what is loaded once
    tracemalloc.start()
    try:
        pieces = [*(cut_up(path, longest) if streamed else jsonl.pieces(path, 1 << 20))]
        records = sum(jsonl.rewrite(piece, written, Shape(NAME), repairer) for piece in pieces)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * longest
    assert records == 3
    assert written.getvalue().decode() == '{"text":"问"}\n{"text":"题"}'
    size = f"{LONG + 12:,}" if not streamed else "at least 1,048,577"
    assert [reject.reason for reject in rejects] == [f"it has {size} bytes, and a document may have 1,048,576"]


def cut_up(path: Path, longest: int) -> list[Piece]:
    pieces = []
    with path.open("rb") as stream:
        for number, block in enumerate(jsonl.cut(stream, 1 << 20, longest)):
            copy = path.with_name(f"block-{number}")
            copy.write_bytes(block)
            pieces.append(Piece(copy, 0, len(block), number == 0))
    return pieces


def test_a_stream_is_cut_for_documents_of_the_usual_length() -> None:
    assert [len(block) for block in jsonl.cut(io.BytesIO(b"a" * (LONGEST + 9) + b"\nb"), 10)] == [LONGEST + 1, 1]


texts = st.sampled_from(["問題", "问题", "現(xiàn)代", "a", "", "題\u200b目", "\ud83d", '"\\\n\t/'])
documents = texts | st.none() | st.lists(texts, max_size=3)
others = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers())
records = st.fixed_dictionaries({}, optional={"text": documents, "a": others, "題": others, "z": others})


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Lines of JSON in all styles, some of them broken, with empty ones between."""
    line = st.one_of(
        st.builds(json.dumps, records, ensure_ascii=st.just(True)),
        st.builds(json.dumps, records, separators=st.just((",", ":"))),
        st.sampled_from(["", "{", '{"text":1}', '{"text":"問題"}', '{"text":"問題","n":1.10}']),
    )
    ends = st.sampled_from(["\n", "\r\n"])
    parts = draw(st.lists(st.tuples(line, ends).map("".join), max_size=8))
    return ("".join(parts) + draw(st.sampled_from(["", '{"text":"題"}']))).encode("utf-8", "surrogatepass")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=lines(), size=st.integers(1, 80), wanted=st.sampled_from([(), ADDED]))
def test_pieces_of_any_size_give_what_the_whole_gives(
    raw: bytes, size: int, wanted: tuple[Any, ...], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    expected = whole(jsonl, path, raw, wanted=wanted)
    assert in_pieces(jsonl, path, raw, size, wanted=wanted) == expected
    assert in_blocks(jsonl, path, raw, size, wanted=wanted) == expected


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=records, escaped=st.booleans())
def test_what_is_read_again_is_what_came_with_its_texts_repaired(
    record: dict[str, Any], escaped: bool, tmp_path: Path
) -> None:
    raw = json.dumps(record, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    try:
        raw.decode()
    except UnicodeDecodeError:
        return
    repairer = Repairer()
    expected = dict(record)
    match record.get("text"):
        case str(text):
            expected["text"] = repaired(repairer, text)
        case list(given_texts):
            expected["text"] = [repaired(repairer, text) for text in given_texts]
    assert repr(json.loads(whole(jsonl, tmp_path / "x", raw).content)) == repr(expected)


def repaired(repairer: Repairer, text: str) -> str:
    found = repairer.repair(text, Place(NAME))
    assert found
    return found.text
