"""The commands around the service: run it, ask how it is, and make keys for those who may use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from jiaokan.settings import LEVELS, Settings

# Where a service that listens everywhere is found.
_OF_ALL: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_PATIENCE: Final = 4  # seconds; those who watch ask for an answer within five


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
@click.option("--port", type=int, help="The port it listens on.  [default: JIAOKAN_PORT or 8000]")
@click.option("--ready", is_flag=True, help="Ask whether it can repair, not only whether it lives.")
def health(port: int | None, ready: bool) -> None:
    """Ask the service on this machine whether it is well: exit code 0 if it is, 1 if not.

    The environment tells where it listens and whether over https, as for serve. No certificate is checked.
    """
    import ssl
    from urllib.request import urlopen

    try:
        given: dict[str, Any] = {} if port is None else {"port": port}
        settings = Settings.read(**given)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    host = _OF_ALL.get(settings.host, settings.host)
    place = f"[{host}]" if ":" in host else host
    address = f"http{'s' if settings.tls_cert else ''}://{place}:{settings.port}/{'readyz' if ready else 'healthz'}"
    try:
        with urlopen(address, timeout=_PATIENCE, context=ssl._create_unverified_context()):
            click.echo(f"{address} is well.")
    except OSError as error:  # among them every status of 400 and more
        raise click.ClickException(f"{address}: {getattr(error, 'reason', error)}.") from None


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
