"""Values in a JSON text are found where they stand; the standard library's parser is the oracle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.batch.formats.members import Number, elements, is_listed, members, spans_at, steps, values_at, whole

keys = st.sampled_from(["a", "b", "a.b", "題", '"', "\\"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)
separators = st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\r ")])
paths = st.lists(keys, max_size=3)


def as_written(value: Any) -> Any:
    """A value with its numbers as they are written."""
    match value:
        case bool() | None | str():
            return value
        case int() | float():
            return value if str(value) in ("nan", "inf", "-inf") else Number(json.dumps(value))
        case list():
            return [as_written(each) for each in value]
    return {key: as_written(each) for key, each in value.items()}


@given(value=values, by=separators, escaped=st.booleans())
def test_each_part_stands_where_it_is_said_to(value: Any, by: tuple[str, str], escaped: bool) -> None:
    text = json.dumps(value, separators=by, ensure_ascii=escaped)
    found = whole(f" {text}\n")
    assert (found.start, found.end) == (1, 1 + len(text))
    assert repr(found.value) == repr(as_written(value))
    parts = members(text, 0) if isinstance(value, dict) else {}
    inner = dict(enumerate(elements(text, 0))) if isinstance(value, list) else parts
    for key, part in inner.items():
        assert repr(json.loads(text[part.start : part.end])) == repr(value[key])
    assert len(inner) == (len(value) if isinstance(value, dict | list) else 0)


@given(value=values, path=paths)
def test_values_and_their_places_agree(value: Any, path: list[str]) -> None:
    text = json.dumps(value)
    root = whole(text)
    found, spans = [*values_at(root.value, path)], [*spans_at(text, root, path)]
    assert len(found) == len(spans)
    for one, (start, end) in zip(found, spans, strict=True):
        assert repr(one) == repr(whole(text[start:end]).value if end > start else None)
    assert is_listed(root.value, path) or len(found) == 1


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("text", ("text",)),
        ("page.body", ("page", "body")),
        (r"page\.body", ("page.body",)),
        (r"a\.b.c[]", ("a.b", "c")),
        ("a[].b", ("a", "b")),
    ],
)
def test_a_path_is_the_keys_on_it(path: str, keys: tuple[str, ...]) -> None:
    assert steps(path) == keys


@pytest.mark.parametrize(
    "text", ["", "{", '{"a"', '{"a":1', '{"a":1]', "[1}", '{"a":1,}', "[1,]", "{1:2}", "{} {}", "tru"]
)
def test_what_is_no_json_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        whole(text)


def test_of_equal_keys_the_last_counts_as_parsers_have_it() -> None:
    text = '{"a": "x", "a": "y"}'
    assert json.loads(text)["a"] == members(text, 0)["a"].value == "y"
    assert [text[start:end] for start, end in spans_at(text, whole(text), ["a"])] == ['"y"']
