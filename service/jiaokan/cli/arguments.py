"""The options that commands share, read and checked."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import get_args

import click

from jiaokan import rounds
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
        return tuple(filter(None, map(str.strip, path.read_text("utf-8-sig").splitlines())))
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} cannot be read: {error}.") from None


paths = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each document.")
charset = click.option("--charset", callback=_known_charset, help="The charset the input declares; used if it fits.")
script = click.option(
    "--script",
    type=click.Choice(get_args(rounds.Script)),
    default="simplified",
    show_default=True,
    help="Convert to simplified characters; mainland words too; or keep the script.",
)
punctuation = click.option(
    "--punctuation",
    type=click.Choice(get_args(rounds.Punctuation)),
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
