"""The options that commands share, read and checked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from jiaokan import pipeline
from jiaokan.batch.documents import ADDED, LONGEST
from jiaokan.batch.pieces import FORMATS
from jiaokan.options import Options
from jiaokan.report import Fault


def _known_charset(_context: click.Context, _parameter: click.Parameter, label: str | None) -> str | None:
    try:
        codecs.lookup(label or "utf-8")
    except (LookupError, ValueError):
        raise click.BadParameter(f"no charset is called {label!r}.") from None
    return label


def _words(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        words = filter(None, map(str.strip, path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} cannot be read: {error}.") from None
    try:
        return Options.of(dropped_words=words).dropped_words
    except ValueError as error:
        raise click.BadParameter(f"{path}: {error}.") from None


class Size(click.ParamType):  # type: ignore[type-arg]  # generic in some releases only
    """A number of bytes, such as 16MB; K, M and G count by 1024."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        match = re.fullmatch(r"(\d+)\s*([KMG]?)i?B?", str(value), re.IGNORECASE)
        if not match or not int(match[1]):
            self.fail(f"{value!r} is not a size, such as 16MB.", param, ctx)
        return int(match[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[match[2].upper()]


def _added(_context: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    names = dict.fromkeys(name.strip().removeprefix("jiaokan.") for each in given for name in each.split(","))
    for name in names:
        if name not in ADDED:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(ADDED)}.")
    return tuple(names)


paths = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each document.")
charset = click.option("--charset", callback=_known_charset, help="The charset the input declares; used if it fits.")
script = click.option(
    "--script",
    type=click.Choice(get_args(pipeline.Script)),
    default="simplified",
    show_default=True,
    help="Convert to simplified characters; mainland words too; or keep the script.",
)
punctuation = click.option(
    "--punctuation",
    type=click.Choice(get_args(pipeline.Punctuation)),
    default="keep",
    show_default=True,
    help="Keep ASCII marks between Han characters, or make them fullwidth.",
)
dropped_words = click.option(
    "--dropped-words",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_words,
    help="Words that a filter has deleted from the text, one a line, beside those that are known.",
)
skip = click.option(
    "--skip",
    metavar="FAULT",
    multiple=True,
    type=click.Choice([fault.value for fault in Fault]),
    help=f"Leave a fault alone, one of: {', '.join(Fault)}. Can be repeated.",
)

_folder = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)
output = click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=_folder,
    help="Write a file for each input below DIR, in the input's format, instead of to standard output.",
)
in_place = click.option("--in-place", is_flag=True, help="Put each output in the place of its input.")
no_backup = click.option(
    "--no-backup", is_flag=True, help="With --in-place, keep FILE.bak only of inputs with rejected documents."
)
formats = click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="What the inputs are, where their content and names do not tell.",
)
fields = click.option(
    "--field",
    "fields",
    metavar="PATH",
    multiple=True,
    help="The field or column that holds the text, such as page.body or comments[].text. Can be repeated."
    "  [default: text]",
)
text_only = click.option("--text-only", is_flag=True, help="Write the texts alone, one after the other.")
added = click.option(
    "--with",
    "wanted",
    metavar="NAMES",
    multiple=True,
    callback=_added,
    help=f"Add fields named jiaokan.NAME to each record: {', '.join(ADDED)}.",
)
include = click.option(
    "--include", metavar="PATTERN", multiple=True, help="Of folders, read only what matches, as in .gitignore."
)
exclude = click.option("--exclude", metavar="PATTERN", multiple=True, help="Of folders, leave out what matches.")
jobs = click.option("-j", "--jobs", type=click.IntRange(1), help="Processes at once.  [default: one on each core]")
resume = click.option("--resume", is_flag=True, help="Go on with the run that was interrupted, with the same options.")
rejects = click.option(
    "--rejects", metavar="FILE", type=_file, help="List here what could not be repaired.  [default: DIR/rejects.jsonl]"
)
longest = click.option(
    "--max-document", "longest", type=Size(), default=LONGEST, help="Reject longer documents.  [default: 16MB]"
)
report = click.option(
    "--report", metavar="FILE", type=_file, help="Tell what was found in an HTML file, and in a JSON file beside it."
)
log_json = click.option("--log-json", is_flag=True, help="Tell the progress in lines of JSON on standard error.")
dry_run = click.option("--dry-run", is_flag=True, help="Write nothing; tell what would be done.")
sample = click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(1),
    help="Show the diffs of N documents drawn at random; write nothing.",
)
