"""The service in production: the real server, a real socket, real signals."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from conftest import Start, free_port, serving, wait_for

LIMIT = 1000


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(start: Start, port: int) -> Iterator[subprocess.Popen[bytes]]:
    with serving(start, port, JIAOKAN_MAX_BYTES=str(LIMIT)) as served:
        yield served


def post(
    port: int, body: bytes | Sequence[bytes], content_type: str = "text/plain"
) -> tuple[int, str, dict[str, object]]:
    """The status, type and JSON of an answer; a body in parts is sent chunked, without a Content-Length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        parts = body if isinstance(body, bytes) else iter(body)
        connection.request("POST", "/v1/repair", parts, {"Content-Type": content_type})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.usefixtures("server")
def test_it_repairs(port: int) -> None:
    status, _, told = post(port, "問題".encode("gb18030"), "text/plain; charset=gbk")
    assert (status, told["text"], told["charset"]) == (200, "问题", "gb18030")


@pytest.mark.usefixtures("server")
def test_it_is_asked_how_it_is(start: Start, port: int) -> None:
    asked = ["health", "--port", str(port)]
    for given in (asked, [*asked, "--ready"]):
        deadline = time.monotonic() + 60
        while (said := start(given).communicate(timeout=60))[1] and given != asked and time.monotonic() < deadline:
            time.sleep(0.2)  # its repairing processes are on their way
        out, err = said
        assert (out.decode(), err) == (
            f"http://127.0.0.1:{port}/{'readyz' if given != asked else 'healthz'} is well.\n",
            b"",
        )
    gone = start(["health", "--port", str(free_port())])
    out, err = gone.communicate(timeout=60)
    assert (gone.returncode, out) == (1, b"")
    assert b"Connection refused" in err


@pytest.mark.usefixtures("server")
def test_chunked_bodies_are_read_in_full(port: int) -> None:
    """Werkzeug alone would end such a body at the limit and answer 200 for the rest of it."""
    assert post(port, [b"x" * 500, b"y" * 500])[2]["text"] == "x" * 500 + "y" * 500


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("body", [b"x" * (LIMIT + 1), [b"x" * LIMIT, b"x"], [b"x" * 600] * 4])
def test_the_limit_holds_with_and_without_a_declared_length(port: int, body: bytes | list[bytes]) -> None:
    status, content_type, told = post(port, body)
    assert (status, content_type) == (413, "application/problem+json")
    assert told["detail"] == "The body must not be larger than 1000 bytes."


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_told(start: Start, stop: signal.Signals) -> None:
    port = free_port()
    served = start(["serve", "--port", str(port), "--workers", "2"])
    wait_for(port)
    assert post(port, b"secret words")[0] == 200
    served.send_signal(stop)
    out, err = served.communicate(timeout=30)
    assert served.returncode == 0
    assert b"Traceback" not in out + err
    assert b"secret" not in out + err
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_an_address_in_use_is_told(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = start(["serve", "--port", str(port)])
        out, err = served.communicate(timeout=60)
    assert (served.returncode, out) == (1, b"")
    assert err.decode() == f"Error: cannot listen on 127.0.0.1:{port}: Address already in use.\n"


def test_an_unknown_host_is_told(start: Start) -> None:
    served = start(["serve", "--host", "nowhere.invalid"])
    _, err = served.communicate(timeout=60)
    assert served.returncode == 1
    assert err.startswith(b"Error: cannot listen on nowhere.invalid:8000: ")


def test_a_bad_file_is_told_before_anything_is_started(start: Start, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("nonsense")
    for arguments, complaint in (
        (["--tokens-file", str(bad)], f"JIAOKAN_TOKENS_FILE: {bad}: line 1 is not a name"),
        (["--tokens-file", str(tmp_path / "none")], "No such file or directory"),
        (["--tls-cert", str(bad), "--tls-key", str(bad)], "are no certificate and its key"),
        (["--tls-cert", str(tmp_path / "none"), "--tls-key", str(bad)], "cannot be read: No such file"),
        (["--tls-cert", str(bad)], "tls_key (JIAOKAN_TLS_KEY) is missing"),
        ([], "JIAOKAN_RATE_LIMIT_STORE: "),
    ):
        served = start(["serve", *arguments], JIAOKAN_RATE_LIMIT="1/day", JIAOKAN_RATE_LIMIT_STORE="nonsense://")
        out, err = served.communicate(timeout=60)
        assert (served.returncode, out) == (2, b"")
        assert complaint in err.decode()
        assert b"Traceback" not in err
