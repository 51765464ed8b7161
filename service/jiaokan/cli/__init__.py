"""The command line: arguments in, exit codes out. What a command means is known elsewhere.

Rules of this file: documents are read as bytes and written as UTF-8 to the byte, with no line break added; what is
for people alone (progress, complaints) goes to standard error; heavy imports wait inside the command that needs them.

Exit codes: 0 all well; 1 a document could not be read or written, the others are done; 2 wrong usage; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO, get_args

import click

from jiaokan import __version__, rounds
from jiaokan.batch import files
from jiaokan.cli import arguments, serving
from jiaokan.diff import charset, inline, lines, unified
from jiaokan.records import document, survey, to_json, to_utf8
from jiaokan.report import Repair

_STANDARD_INPUT: Final = "-"
_INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count


def main() -> NoReturn:
    """Run the command line and leave with its exit code; no traceback for what is not a bug."""
    try:
        sys.exit(commands.main(prog_name="jiaokan", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        _abandon_standard_output()
        sys.exit(1)
    except OSError as error:  # a document that fails is met where it is read or written
        _complain("standard output", error)
        _abandon_standard_output()
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def commands() -> None:
    """Repair raw scraped Chinese text, and account for every change."""


@commands.command()
@arguments.paths
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each text to a file of the same name in DIR instead of standard output.",
)
@click.option("--diff", "as_diff", is_flag=True, help="Print what changed and why instead of the text.")
@arguments.json
@arguments.charset
@arguments.script
@arguments.punctuation
@click.option(
    "--consent",
    type=click.Choice(get_args(rounds.ConsentName)),
    default="probable",
    show_default=True,
    help="The least certain findings to apply.",
)
@arguments.skip
@arguments.dropped_words
@click.option("--together", is_flag=True, help="Let the gaps of all PATHs decide together; each is read twice.")
def repair(
    paths: Sequence[str], folder: Path | None, as_diff: bool, as_json: bool, together: bool, **options: Any
) -> None:
    """Print the clean text of each PATH, or of standard input.

    PATH is a file in any charset, or - for standard input. The text is written as UTF-8.
    """
    if as_diff and as_json:
        raise click.UsageError("--json holds the diff already: leave out --diff.")
    paths = paths or [_STANDARD_INPUT]
    targets = iter(_targets(paths, folder))
    if together:
        options["pool"] = _pooled(paths, options)
    render = _json_line if as_json else _diff if as_diff else _text if folder is None else _nothing

    def repaired(path: str) -> bytes:
        target = next(targets)
        result = rounds.repair(_read(path), **options)
        if target:
            files.write(target, to_utf8(result.text))
        return render(path, result)

    _print_each(paths, repaired, silent=render is _nothing)


@commands.command()
@arguments.paths
@arguments.json
@arguments.charset
@arguments.script
@arguments.punctuation
@arguments.skip
@arguments.dropped_words
def detect(paths: Sequence[str], as_json: bool, **options: Any) -> None:
    """Print what is wrong with each PATH, or with standard input, and change nothing.

    PATH is a file in any charset, or - for standard input. Each finding is one line: path, line, column,
    what would become of it, fault, consent, confidence, evidence. A line before them names the charset
    where it is not UTF-8, or where bytes were lost.
    """
    render = _survey_line if as_json else _finding_lines
    paths = paths or [_STANDARD_INPUT]
    _print_each(paths, lambda path: render(path, rounds.repair(_read(path), **options)))


commands.add_command(serving.serve)
commands.add_command(serving.health)
commands.add_command(serving.token)


def _pooled(paths: Sequence[str], options: Mapping[str, Any]) -> rounds.Pool:
    """What the gaps of all documents that can be read show together."""
    if _STANDARD_INPUT in paths:
        raise click.UsageError("--together needs files: standard input cannot be read twice.")
    asked = {name: options[name] for name in ("charset", "skip", "dropped_words")}
    return rounds.pooled((raw for path in paths if (raw := _read_if_any(path)) is not None), **asked)


def _read_if_any(path: str) -> bytes | None:
    """A document, ``None`` if it cannot be read: it will be listed when its turn comes."""
    try:
        return _read(path)
    except OSError:
        return None


def _targets(paths: Sequence[str], folder: Path | None) -> Sequence[Path | None]:
    """Where each text goes: a file in ``folder``, which is made, or nowhere."""
    if folder is None:
        return [None] * len(paths)
    if _STANDARD_INPUT in paths:
        raise click.UsageError("-o needs files: standard input has no name to keep.")
    try:
        targets = files.destinations([Path(path) for path in paths], folder)
    except ValueError as error:
        raise click.UsageError(f"{error}: choose another DIR.") from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.FileError(str(folder), error.strerror) from None
    return targets


def _read(path: str) -> bytes:
    return sys.stdin.buffer.read() if path == _STANDARD_INPUT else Path(path).read_bytes()


def _print_each(paths: Sequence[str], render: Callable[[str], bytes], silent: bool = False) -> None:
    """Print what ``render`` makes of each path; then list those that failed and leave with 1 if there are any.

    ``silent`` says that nothing will be printed, so that progress can be shown on the same terminal.
    """
    failures = []
    for path in _followed(paths, silent):
        try:
            rendered = render(path)
        except OSError as error:
            failures.append((path, error))
        else:
            _write_out(rendered)
    sys.stdout.flush()
    for path, failure in failures:
        _complain(path, failure)
    if failures:
        click.get_current_context().exit(1)


def _write_out(content: bytes) -> None:
    """All of ``content`` to standard output, which takes only a part at a time under PYTHONUNBUFFERED."""
    rest = memoryview(content)
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]


def _followed(paths: Sequence[str], silent: bool) -> Iterable[str]:
    """The paths, with a progress bar for people: on a terminal that shows nothing else, for more than one."""
    if len(paths) == 1 or not _terminal(sys.stderr) or (_terminal(sys.stdout) and not silent):
        return paths
    from rich.console import Console
    from rich.progress import track

    return track(paths, "Repairing", console=Console(stderr=True), transient=True)


def _terminal(stream: TextIO) -> bool:
    return stream.isatty()


def _nothing(_path: str, _repair: Repair) -> bytes:
    return b""


def _text(_path: str, repair: Repair) -> bytes:
    return to_utf8(repair.text)


def _diff(path: str, repair: Repair) -> bytes:
    """The diff under the document's name, coloured where the terminal has colours."""
    from rich.console import Console

    console = Console(soft_wrap=True)
    if console.color_system is None or console.no_color:
        shown = unified(repair)
    else:
        # Captured, because the terminal's own encoding may not hold the text.
        with console.capture() as capture:
            console.print(inline(repair), end="")
        shown = capture.get()
    return to_utf8(f"=== {path}\n{shown}") if shown else b""


def _json_line(path: str, repair: Repair) -> bytes:
    return to_json({"path": path, **document(repair)}) + b"\n"


def _survey_line(path: str, repair: Repair) -> bytes:
    return to_json({"path": path, **survey(repair)}) + b"\n"


def _finding_lines(path: str, repair: Repair) -> bytes:
    read = charset(repair.source)
    return to_utf8("".join(f"{path}:{line}\n" for line in ((f" {read}", *lines(repair)) if read else lines(repair))))


def _complain(name: str, error: OSError) -> None:
    click.echo(f"jiaokan: {click.format_filename(name)}: {error.strerror or error}", err=True)


def _abandon_standard_output() -> None:
    """Point standard output at nothing, so that Python has no trouble when it flushes on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
