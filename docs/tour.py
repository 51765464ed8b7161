"""A tour of jiaokan, for ``make run``: one page repaired on the command line, then over HTTP.

python docs/tour.py PAGE
"""

from __future__ import annotations

import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError

JIAOKAN: Final = Path(sys.executable).with_name("jiaokan")
PATIENCE: Final = 60.0  # seconds for the service to come up


def main(page: Path) -> None:
    """Show all that a first visitor wants to see; raise if any of it fails."""
    run(["repair", "--diff", str(page)])
    with service() as address:
        say(f"POST {address}/v1/repair < {page}")
        wanted = urllib.request.Request(
            f"{address}/v1/repair", page.read_bytes(), {"Content-Type": "text/plain; charset=utf-8"}
        )
        with urllib.request.urlopen(wanted) as answer:
            print(answer.status, answer.headers["Content-Type"])
            print(answer.read().decode())


def run(arguments: Sequence[str]) -> None:
    """One run of the command line, shown as it would be typed."""
    say(f"jiaokan {shlex.join(arguments)}")
    subprocess.run([JIAOKAN, *arguments], check=True)


@contextmanager
def service() -> Iterator[str]:
    """The address of a service that lives as long as the context, however that ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    say(f"jiaokan serve --port {port}")
    with subprocess.Popen([JIAOKAN, "serve", "--port", str(port)]) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once ``address`` answers; raise if the server ends, or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"the service ended with exit code {server.returncode}")
        try:
            urllib.request.urlopen(address).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the service did not come up within {PATIENCE:.0f} s")


def say(line: str) -> None:
    """A heading, written at once so that it stands before what other programs print."""
    print(f"\n$ {line}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
