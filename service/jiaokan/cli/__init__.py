"""The command line: arguments in, exit codes out. What a command means is known elsewhere.

Rules of this file: documents are read as bytes and written as UTF-8 to the byte, with no line break added; what is
for people alone (progress, complaints) goes to standard error; heavy imports wait inside the command that needs them.

Exit codes: 0 all well; 1 a document could not be read, repaired or written, the others are done; 2 wrong usage; 130
interrupted with Ctrl-C; 143 ended with SIGTERM.
"""

from __future__ import annotations

import os
import sys
from typing import Final, NoReturn

import click

from jiaokan import __version__
from jiaokan.cli import repairing, serving

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
        repairing.complain(error.filename or "standard output", error.strerror or str(error))
        _abandon_standard_output()
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def commands() -> None:
    """Repair raw scraped Chinese text, and account for every change."""


commands.add_command(repairing.repair)
commands.add_command(repairing.detect)
commands.add_command(serving.serve)
commands.add_command(serving.health)
commands.add_command(serving.token)


def _abandon_standard_output() -> None:
    """Point standard output at nothing, so that Python has no trouble when it flushes on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
