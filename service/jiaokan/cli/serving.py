"""The commands around the service: run it, and make keys for those who may use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jiaokan.settings import LEVELS, Settings


@click.command()
@click.option("--host", help="The address to listen on.  [default: JIAOKAN_HOST or 127.0.0.1]")
@click.option("--port", type=int, help="The port to listen on.  [default: JIAOKAN_PORT or 8000]")
@click.option("--workers", type=int, help="Processes that serve.  [default: JIAOKAN_WORKERS or 1]")
@click.option("--tls-cert", metavar="FILE", help="Certificate and chain, for https.  [default: JIAOKAN_TLS_CERT]")
@click.option("--tls-key", metavar="FILE", help="The certificate's key.  [default: JIAOKAN_TLS_KEY]")
@click.option("--tokens-file", metavar="FILE", help="The keys that may use it.  [default: JIAOKAN_TOKENS_FILE]")
@click.option("--log-level", type=click.Choice(LEVELS), help="The least to log.  [default: JIAOKAN_LOG_LEVEL or info]")
def serve(**options: str | int | None) -> None:
    """Answer over HTTP until told to stop (SIGTERM or Ctrl-C).

    The environment sets these and more, such as limits: docs/serve.md has a table.
    """
    from jiaokan.web.server import serve

    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings.read(**given)
        serve(settings)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    except OSError as error:
        raise click.ClickException(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from None


@click.command()
@click.argument("name")
@click.option(
    "--file",
    "path",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The tokens file.",
)
def token(name: str, path: Path) -> None:
    """Make a bearer token for NAME, put its hash into the tokens file, and print it, this once.

    The file is made if it is not there, for its owner alone. A running service reads it anew by itself.
    To take a token back, delete its line.
    """
    from jiaokan.web import tokens

    try:
        click.echo(tokens.add(name, path))
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None
