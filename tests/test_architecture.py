"""The rules of the house that a reader would not see broken: who may import whom, and who may touch the world."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "service" / "jiaokan"
LAYERS = (
    *("memo", "edits", "spans", "weights", "lexicon", "decoder", "charset", "report", "options"),
    *("faults", "screen", "rounds", "diff", "records", "settings", "batch", "web", "cli"),
)
# What only one part of the package may import, or use.
WEB = ("flask", "flask_cors", "flask_limiter", "granian", "prometheus_client", "pythonjsonlogger", "werkzeug")
BATCH = ("fastwarc", "pygal", "pyarrow", "pyspark", "ray", "resiliparse")
RESERVED = {**dict.fromkeys(WEB, "web"), **dict.fromkeys(BATCH, "batch"), "click": "cli"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}


def violations(path: Path, code: str) -> Iterator[str]:
    """What the module at ``path``, relative to the package, does against the rules."""
    part = path.parts[0].removesuffix(".py")
    for node in ast.walk(ast.parse(code)):
        for name in imported(node):
            top, *rest = name.split(".")
            if RESERVED.get(top, part) != part:
                yield f"{path} imports {name}"
            if top == "jiaokan" and rest and rest[0] in LAYERS and part in LAYERS and not may_import(path, rest):
                yield f"{path} imports {name}"
        match node:
            case ast.Call(func=ast.Name(id="print")) if part != "cli":
                yield f"{path} prints"
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in ENVIRONMENT and part != "settings":
                yield f"{path} reads the environment"
            case ast.ImportFrom(module="os", names=names) if ENVIRONMENT & {alias.name for alias in names}:
                yield f"{path} takes the environment out of os"


def imported(node: ast.AST) -> list[str]:
    """The dotted names an import brings in; ``from a import b`` may mean the module ``a.b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide where they lead"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def may_import(path: Path, rest: list[str]) -> bool:
    """Down the layers always; within a layer too, except from one fault to another."""
    part = path.parts[0].removesuffix(".py")
    if part == rest[0] == "faults":
        return path.parts[1].removesuffix(".py") in (rest[1], "__init__")
    return LAYERS.index(rest[0]) <= LAYERS.index(part)


MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def test_every_part_has_a_layer() -> None:
    parts = {path.parts[0].removesuffix(".py") for path in MODULES}
    assert parts - {"__init__"} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_keeps_the_rules(path: Path) -> None:
    assert list(violations(path, (PACKAGE / path).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("edits.py", "import jiaokan.charset"),
        ("edits.py", "from jiaokan import report"),
        ("report.py", "def f():\n    from jiaokan.rounds import repair"),
        ("lexicon/pinyin.py", "from jiaokan.faults.gaps import find"),
        ("faults/script.py", "from jiaokan.faults import gaps"),
        ("faults/alignment/search.py", "from jiaokan.faults.annotation import find"),
        ("web/routes.py", "from jiaokan.cli import main"),
        ("batch/files.py", "import flask"),
        ("diff.py", "from flask.json import dumps"),
        ("web/routes.py", "import click"),
        ("cli/shown.py", "import pyarrow.parquet"),
        ("rounds.py", "print('x')"),
        ("cli.py", "import os\nos.environ['X']"),
        ("web/server.py", "import os\nos.getenv('X')"),
        ("diff.py", "from os import environ"),
    ],
)
def test_a_breach_is_seen(path: str, code: str) -> None:
    assert list(violations(Path(path), code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("charset/source.py", "from jiaokan.charset.gbk import decode\nfrom jiaokan.edits import Span"),
        ("faults/alignment/search.py", "from jiaokan.faults.alignment import fold"),
        ("faults/__init__.py", "from jiaokan.faults import gaps"),
        ("web/routes.py", "from jiaokan import __version__, rounds\nimport flask"),
        ("cli.py", "import click\nimport os\nos.replace('a', 'b')\nprint('x')"),
        ("settings.py", "import os\nos.environ['X']"),
    ],
)
def test_what_is_allowed_is_let_be(path: str, code: str) -> None:
    assert list(violations(Path(path), code)) == []
