"""The rules of the house that a reader would not see broken: who may import whom, and who may touch the world."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "service" / "jiaokan"
LAYERS = (
    *("memo", "edits", "spans", "lexicon", "decoder", "charset", "report", "options"),
    *("faults", "screen", "pipeline", "diff", "records", "settings", "batch", "web", "cli"),
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


def dotted(path: Path) -> str:
    """The name of the module at ``path``, relative to the package; a package has the name of its folder."""
    parts = path.with_suffix("").parts
    return ".".join(("jiaokan", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def circle(sources: Mapping[Path, str]) -> list[str]:
    """Modules of which each imports the one before it, the first and the last being the same; empty if there are none.

    An import inside a function counts, and one for type checkers only: it defers the circle, and does not break it.
    ``from a import b`` leads to ``a.b`` where that is a module, and to ``a`` otherwise.
    """
    names = {dotted(path) for path in sources}
    graph = {
        dotted(path): {
            leads_to
            for node in ast.walk(ast.parse(code))
            for name in imported(node)
            if (leads_to := name if name in names else name.rpartition(".")[0]) in names and leads_to != dotted(path)
        }
        for path, code in sources.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def test_every_part_has_a_layer() -> None:
    parts = {path.parts[0].removesuffix(".py") for path in MODULES}
    assert parts - {"__init__"} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_keeps_the_rules(path: Path) -> None:
    assert list(violations(path, (PACKAGE / path).read_text("utf-8"))) == []


def test_no_modules_import_one_another() -> None:
    assert circle({path: (PACKAGE / path).read_text("utf-8") for path in MODULES}) == []


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("from jiaokan.web import b", "", "from jiaokan.web.a import X"),
        ("import jiaokan.web.b", "", "from jiaokan.web import a"),
        ("def f():\n    from jiaokan.web import b", "", "from jiaokan.web.a import X"),
        ("if TYPE_CHECKING:\n    from jiaokan.web.b import Y", "", "from jiaokan.web.a import X"),
        ("from jiaokan.web import create_app", "from jiaokan.web import a", ""),
        ("from jiaokan.web import create_app", "from jiaokan.web import b", "from jiaokan.web.a import X"),
    ],
)
def test_a_circle_is_seen(first: str, second: str, third: str) -> None:
    names = ("web/a.py", "web/__init__.py", "web/b.py")
    found = circle({Path(name): code for name, code in zip(names, (first, second, third), strict=True)})
    assert found[0] == found[-1]
    assert len(found) > 2


def test_a_package_that_imports_its_modules_is_no_circle() -> None:
    sources = {
        "web/__init__.py": "from jiaokan.web import a, b",
        "web/a.py": "",
        "web/b.py": "from jiaokan.web import a",
    }
    assert circle({Path(name): code for name, code in sources.items()}) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("edits.py", "import jiaokan.charset"),
        ("edits.py", "from jiaokan import report"),
        ("report.py", "def f():\n    from jiaokan.pipeline import repair"),
        ("lexicon/pinyin.py", "from jiaokan.faults.gaps import find"),
        ("faults/script.py", "from jiaokan.faults import gaps"),
        ("faults/alignment/search.py", "from jiaokan.faults.annotation import find"),
        ("web/routes.py", "from jiaokan.cli import main"),
        ("batch/files.py", "import flask"),
        ("diff.py", "from flask.json import dumps"),
        ("web/routes.py", "import click"),
        ("cli/shown.py", "import pyarrow.parquet"),
        ("pipeline.py", "print('x')"),
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
        ("web/routes.py", "from jiaokan import __version__, pipeline\nimport flask"),
        ("cli.py", "import click\nimport os\nos.replace('a', 'b')\nprint('x')"),
        ("settings.py", "import os\nos.environ['X']"),
    ],
)
def test_what_is_allowed_is_let_be(path: str, code: str) -> None:
    assert list(violations(Path(path), code)) == []
