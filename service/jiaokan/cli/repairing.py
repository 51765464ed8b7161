"""``repair`` and ``detect``: what was asked on the command line, done by ``batch``, and told."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NoReturn, get_args

import click

from jiaokan import pipeline
from jiaokan.batch import begin
from jiaokan.batch.begin import Asked
from jiaokan.batch.documents import Reject
from jiaokan.batch.files import StoppedError
from jiaokan.batch.journal import JournalError
from jiaokan.batch.outputs import write_all
from jiaokan.batch.pieces import Shape
from jiaokan.batch.run import Summary
from jiaokan.batch.work import Orders
from jiaokan.cli import arguments, progress, shown
from jiaokan.report import Fault

_STANDARD_INPUT: Final = "-"


@click.command()
@arguments.paths
@arguments.output
@arguments.in_place
@arguments.no_backup
@click.option("--diff", "as_diff", is_flag=True, help="Print what changed and why instead of the text.")
@arguments.json
@arguments.charset
@arguments.script
@arguments.punctuation
@click.option(
    "--consent",
    type=click.Choice(get_args(pipeline.ConsentName)),
    default="probable",
    show_default=True,
    help="The least certain findings to apply.",
)
@arguments.skip
@arguments.dropped_words
@click.option("--together", is_flag=True, help="Let the gaps of all PATHs decide together; each is read twice.")
@arguments.formats
@arguments.fields
@arguments.text_only
@arguments.added
@arguments.include
@arguments.exclude
@arguments.longest
@arguments.jobs
@arguments.resume
@arguments.rejects
@arguments.report
@arguments.log_json
@arguments.dry_run
@arguments.sample
def repair(**given: Any) -> None:
    """Print the clean text of each PATH, or of standard input.

    PATH is a file, a folder, a pattern or - for standard input. A file may be plain text in any charset, JSON Lines,
    CSV, TSV, Parquet, Arrow, WARC or WET, compressed or not, and comes out as what it was, in UTF-8.
    """
    if given["as_diff"] and given["as_json"]:
        raise click.UsageError("--json holds the diff already: leave out --diff.")
    if given["in_place"] and given["output"]:
        raise click.UsageError("--in-place writes where it reads: leave out -o.")
    if given["in_place"] and given["text_only"]:
        raise click.UsageError("--text-only in place would cost all other fields: give -o.")
    if given["no_backup"] and not given["in_place"]:
        raise click.UsageError("--no-backup goes with --in-place.")
    render = shown.json_line if given["as_json"] else shown.diff if given["as_diff"] else None
    orders = Orders(
        options={name: given[name] for name in ("script", "punctuation", "consent", "skip", "dropped_words")},
        charset=given["charset"],
        wanted=given["wanted"],
        longest=given["longest"],
        detailed=given["report"] is not None,
        backup="never" if not given["in_place"] else "rejects" if given["no_backup"] else "always",
        durable=given["in_place"] or given["output"] is not None,
        render=render,
    )
    asked = Asked(
        given["paths"] or [_STANDARD_INPUT],
        orders,
        Shape("", given["fields"] or ("text",), given["text_only"]),
        given["include"],
        given["exclude"],
        given["format_"],
        given["output"],
        given["in_place"],
        given["dry_run"],
        given["jobs"] or 0,
        given["resume"],
        given["rejects"],
        given["report"],
        given["together"],
    )
    if given["sample"]:
        _sample(asked, given["sample"])
    else:
        _done(asked, given["log_json"])


@click.command()
@arguments.paths
@arguments.json
@arguments.charset
@arguments.script
@arguments.punctuation
@arguments.skip
@arguments.dropped_words
def detect(paths: Sequence[str], as_json: bool, charset: str | None, **options: Any) -> None:
    """Print what is wrong with each PATH, or with standard input, and change nothing.

    PATH is a file in any charset, a folder, or - for standard input. Each finding is one line: path, line, column,
    what would become of it, fault, consent, confidence, evidence. A line before them names the charset
    where it is not UTF-8, or where bytes were lost.
    """
    render = shown.survey_line if as_json else shown.finding_lines
    orders = Orders(options, charset, durable=False, render=render)
    _done(Asked(paths or [_STANDARD_INPUT], orders, Shape(""), format="text"))


def _done(asked: Asked, log_json: bool = False) -> None:
    """Do it, tell what could not be done, and leave with 1 if there is any."""
    rejected: list[Reject] = []
    quiet = asked.output or asked.in_place or asked.dry or not sys.stdout.isatty()
    with progress.watched(log_json, bool(progress.terminal() and quiet)) as watch, _ends_told(asked):
        summary = begin.run(asked, sys.stdin.buffer, sys.stdout.buffer, rejected.append, watch)
    sys.stdout.flush()
    _tell(asked, summary, rejected, log_json)
    if summary.failures or summary.rejects:
        click.get_current_context().exit(1)


@contextmanager
def _ends_told(asked: Asked) -> Iterator[None]:
    """Say in one line why a run ends before it is done, and how it can go on."""
    further = " What is done is kept: go on with --resume." if asked.kept else ""
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    except JournalError as error:
        raise click.ClickException(f"{error}.") from None
    except StoppedError as error:
        raise click.ClickException(f"{error}.{further}") from None
    except OSError as error:
        if error.filename is None:  # standard output, of which main tells
            raise
        raise click.ClickException(f"{error.filename2 or error.filename}: {error.strerror}.{further}") from None
    except (KeyboardInterrupt, SystemExit):
        if further:
            click.echo(f"jiaokan: interrupted.{further}", err=True)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


def _tell(asked: Asked, summary: Summary, rejected: Sequence[Reject], log_json: bool) -> None:
    if log_json:
        for path, reason in summary.failures:
            progress.event("failed", path=path, reason=reason)
        for path in summary.empty:
            progress.event("empty", path=path)
        for reject in rejected:
            progress.event("rejected", **reject.place._asdict(), reason=reject.reason)
        progress.event("done", **progress.members(summary))
        return
    for path, reason in summary.failures:
        complain(path, reason)
    for path in summary.empty:
        complain(path, f"no record has text in {' or '.join(asked.shape.fields)}: is --field as it should be?")
    for reject in rejected:
        complain(place(reject), reject.reason)
    if summary.rejects and asked.rejects_path:
        complain(str(asked.rejects_path), f"documents that could not be repaired: {summary.rejects:,}")
    if asked.dry:
        click.echo(told(summary) + told_by_fault(summary))
    elif progress.terminal():
        click.echo(told(summary), err=True)


def _sample(asked: Asked, number: int) -> None:
    """Show the diffs of some documents, and say of the others that they are clean."""
    from jiaokan.batch.sample import drawn

    diffs = []
    with _ends_told(asked):
        for name, its in drawn(asked, sys.stdin.buffer, number):
            diffs.append(shown.diff(name, its))
            write_all(sys.stdout.buffer, diffs[-1])
    click.echo(f"{diffs.count(b'')} of {len(diffs)} documents are clean", err=True)


def told(summary: Summary) -> str:
    """What a run has done, in one line."""
    census = summary.census
    counts = f"{census.documents:,} documents: {census.repaired:,} repaired, {census.doubtful:,} doubtful"
    return f"{counts}, {summary.rejects:,} rejected; {census.bytes / 1e6:,.1f} MB in {summary.seconds:,.1f} s"


def told_by_fault(summary: Summary) -> str:
    """How often each fault was met, a line for each."""
    edits, doubts = summary.census.edits, summary.census.doubts
    met = [fault.value for fault in Fault if edits[fault.value] or doubts[fault.value]]
    return "".join(f"\n  {name:12}{edits[name]:>12,} changes{doubts[name]:>12,} doubts" for name in met)


def place(reject: Reject) -> str:
    """Where a document stands, in a few characters."""
    path, document, field, name = reject.place
    return ":".join(str(each) for each in (path, document or None, field, name) if each is not None)


def complain(name: str, reason: str) -> None:
    """A line on standard error."""
    click.echo(f"jiaokan: {click.format_filename(name)}: {reason}", err=True)
