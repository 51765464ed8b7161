"""Clean texts with one garbled place: a line of a page, a field of a line, a comment of a source file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import Final

from bench.corpus import pieces
from bench.forward.garble import ENCODERS, PAIRS, Pair, garbled
from bench.forward.scripts import traditional

_CHINESE: Final = tuple(pair for pair in PAIRS if ENCODERS[pair.encoder].language == "Chinese")
_LINES, _LINE = (5, 20), (12, 80)  # lines of a page, characters of a line
_FIELDS, _FIELD = (4, 7), (4, 16)
_COMMENT: Final = (6, 24)
_TRIED: Final = 60  # pieces tried with a pair before another one is drawn: some are hardly ever reversible
_SEPARATORS: Final = (",", "\t", "|", ";")
# Source files, with a comment or a string where a brace is.
_CODE: Final = (
    """#include <stdio.h>

/* {} */
int main(void)
{{
    int n = 0;  // {}
    while (n < 10)
        printf("%d\\n", n++);  // {}
    return 0;
}}
""",
    """import os


def load(path, limit=100):
    '{}'
    rows = []  # {}
    for line in open(path):
        rows.append(line.rstrip().split(","))
    return rows[:limit]  # {}
""",
    """-- {}
CREATE TABLE users (
    id INT PRIMARY KEY,  -- {}
    name VARCHAR(40)  -- {}
);
SELECT name, COUNT(*) FROM users GROUP BY name;
""",
    """<!-- {} -->
<div class="list">
  <a href="/index.php?id=3" title="{}">more</a>
  <p>{}</p>
</div>
""",
    """; {}
[server]
port = 8080 ; {}
root = C:\\www\\data
# {}
log_level = debug
""",
)

Spoil = Callable[[str], Iterator[tuple[str, str, str]]]


def _garbled_piece(least: int, most: int, seed: str) -> Iterator[tuple[Pair, str, str]]:
    """Pairs by lot, each with a piece it is reversible for and what becomes of that, without end."""
    draw = Random(seed)
    stream = pieces("Chinese", least, most, seed)
    while True:
        pair = draw.choice(_CHINESE)
        for text in islice(stream, _TRIED):
            script = ENCODERS[pair.encoder].script
            want = (traditional(text, script) if script else text).replace("\n", "")
            read = garbled(want, pair)
            if read and not set(read) & set("\r\n\t\x85\u2028"):
                yield pair, read, want
                break


def line(seed: str) -> Iterator[tuple[str, str, str]]:
    """A page of lines, one of them garbled: the pair, the page, the page as it was."""
    draw = Random(seed)
    clean = (text.replace("\n", "") for text in pieces("Chinese", *_LINE, f"{seed} clean"))
    for pair, read, want in _garbled_piece(*_LINE, seed):
        lines = [next(clean) for _ in range(draw.randint(*_LINES))]
        yield str(pair), *_joined(lines, draw.randrange(len(lines)), read, want, "\n")


def field(seed: str) -> Iterator[tuple[str, str, str]]:
    """A line of fields, one of them garbled."""
    draw = Random(seed)
    clean = pieces("Chinese", *_FIELD, f"{seed} clean")
    for pair, read, want in _garbled_piece(*_FIELD, seed):
        fields = [next(clean) for _ in range(draw.randint(*_FIELDS))]
        yield str(pair), *_joined(fields, draw.randrange(len(fields)), read, want, draw.choice(_SEPARATORS))


def comment(seed: str) -> Iterator[tuple[str, str, str]]:
    """A source file with one garbled comment."""
    draw = Random(seed)
    clean = pieces("Chinese", *_COMMENT, f"{seed} clean")
    for pair, read, want in _garbled_piece(*_COMMENT, seed):
        comments = [next(clean) for _ in range(3)]
        at = draw.randrange(3)
        code = draw.choice(_CODE)
        spoiled, sound = ([*comments[:at], each, *comments[at + 1 :]] for each in (read, want))
        yield str(pair), code.format(*spoiled), code.format(*sound)


def _joined(parts: list[str], at: int, read: str, want: str, separator: str) -> tuple[str, str]:
    spoiled, sound = (separator.join([*parts[:at], each, *parts[at + 1 :]]) for each in (read, want))
    return spoiled, sound


PLACES: Final[dict[str, Spoil]] = {"line of a page": line, "field of a line": field, "comment in code": comment}
