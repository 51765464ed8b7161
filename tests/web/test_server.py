"""The service in production: the real server, a real socket, real signals."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from conftest import SERVICE, Start, hear_interrupts
from jiaokan.web import tokens

LIMIT = 1000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(start: Start, port: int) -> Iterator[subprocess.Popen[bytes]]:
    served = start(["serve", "--port", str(port)], JIAOKAN_MAX_BYTES=str(LIMIT))
    try:
        wait_for(port)
        yield served
    finally:
        served.terminate()
        served.communicate(timeout=60)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


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


# Routes that take their time, in the real server: what is to be seen here does not depend on what they do.
SLOW = """
import sys, time
from flask import Response
from jiaokan.settings import Settings
from jiaokan.web import server

made = server.create_app

def create_app(settings):
    time.sleep(float(sys.argv[1]))
    app = made(settings)

    def drip():
        for _ in range(20):
            time.sleep(0.1)
            yield b"drop "

    def broken():
        yield b"one"
        raise ValueError("sekret")

    def wait():
        time.sleep(2)
        return "waited"

    app.add_url_rule("/drip", "drip", lambda: Response(drip()))
    app.add_url_rule("/broken", "broken", lambda: Response(broken()))
    app.add_url_rule("/wait", "wait", wait)
    return app

server.create_app = create_app
server.serve(Settings.read())
"""


class Slow:
    """A running service with slow routes, and what it said once it has ended."""

    def __init__(self, load: float = 0.0, **variables: str) -> None:
        self.port = free_port()
        environ = {**os.environ, "PYTHONPATH": str(SERVICE), "JIAOKAN_PORT": str(self.port), **variables}
        # Not a pipe: one that nobody reads fills up and stops the service.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self.program = subprocess.Popen(
            [sys.executable, "-c", SLOW, str(load)],
            stdout=self._said,
            stderr=self._said,
            env=environ,
            preexec_fn=hear_interrupts,
            start_new_session=True,
        )
        if not load:
            wait_for(self.port)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def later(self, path: str) -> Future:
        return Future(self, path)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def log(self) -> str:
        """All that it said on standard output and standard error, once it has ended."""
        self.program.wait(timeout=60)
        self._said.seek(0)
        return self._said.read().decode()

    def close(self) -> None:
        if self.program.poll() is None:
            os.killpg(self.program.pid, signal.SIGKILL)
            self.program.wait()
        self._said.close()


class Future:
    """An answer that is being waited for in another thread; ``result`` is None if there was none."""

    def __init__(self, service: Slow, path: str) -> None:
        self.result: tuple[int, bytes] | None = None
        self._thread = threading.Thread(target=self._ask, args=(service, path))
        self._thread.start()

    def _ask(self, service: Slow, path: str) -> None:
        try:
            self.result = service.get(path)
        except (OSError, http.client.HTTPException):
            self.result = None

    def wait(self) -> tuple[int, bytes] | None:
        self._thread.join()
        return self.result


@contextmanager
def slow(load: float = 0.0, **variables: str) -> Iterator[Slow]:
    service = Slow(load, **variables)
    try:
        yield service
    finally:
        service.close()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_what_is_running_when_it_is_stopped_is_answered_in_full(stop: signal.Signals) -> None:
    """SIGINT goes to every process, as it does from a terminal."""
    with slow(JIAOKAN_WORKERS="2") as service:
        asked = [service.later(path) for path in ("/wait", "/drip", "/wait", "/drip")]
        time.sleep(0.7)
        (os.killpg if stop == signal.SIGINT else os.kill)(service.program.pid, stop)
        answers = [each.wait() for each in asked]
        assert answers == [(200, b"waited"), (200, b"drop " * 20)] * 2
        log = service.log()
        assert service.program.returncode == 0
        told = [json.loads(line) for line in log.splitlines()]
        assert sorted(line["route"] for line in told if line["logger"] == "jiaokan.requests" and line["complete"]) == [
            *("/drip", "/drip", "/wait", "/wait")
        ]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_while_its_workers_still_load(stop: signal.Signals) -> None:
    """They inherit handlers of the first process, which would swallow the signal."""
    with slow(load=30, JIAOKAN_WORKERS="2") as service:
        deadline = time.monotonic() + 30
        while len(service.workers()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        (os.killpg if stop == signal.SIGINT else os.kill)(service.program.pid, stop)
        told = [json.loads(line) for line in service.log().splitlines()]
        assert time.monotonic() < deadline
        assert service.program.returncode == 0
        assert told[-1]["message"].startswith("Granian shutdown completed")


def test_what_takes_longer_than_it_may_is_cut_off_and_the_client_sees_it() -> None:
    with slow(JIAOKAN_STOP_SECONDS="1") as service:
        asked = service.later("/drip")
        time.sleep(0.5)
        service.program.terminate()
        began = time.monotonic()
        assert asked.wait() is None
        service.log()
        assert time.monotonic() - began < 5


def test_past_the_limit_requests_are_refused_at_once_and_health_is_told_at_once() -> None:
    with slow(JIAOKAN_MAX_REQUESTS="3") as service:
        asked = [service.later("/wait") for _ in range(3)]
        time.sleep(0.7)
        began = time.monotonic()
        for _ in range(100):
            assert service.get("/v1/nowhere")[0] == 503
            assert service.get("/healthz")[0] == service.get("/readyz")[0] == service.get("/metrics")[0] == 200
        running = re.search(rb"^jiaokan_requests_running (\S+)$", service.get("/metrics")[1], re.MULTILINE)
        assert running is not None
        assert float(running[1]) == 4
        assert time.monotonic() - began < 1.2
        assert [each.wait() for each in asked] == [(200, b"waited")] * 3
        assert service.get("/v1/nowhere")[0] == 404


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_refused_body_does_not_keep_the_client_from_its_answer(in_parts: bool, tmp_path: Path) -> None:
    """200 KB are more than a socket holds: who is cut off while it writes them reads no answer."""
    tokens.add("someone", tmp_path / "tokens")
    with slow(JIAOKAN_TOKENS_FILE=str(tmp_path / "tokens")) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        for _ in range(2):
            body = iter([b"x" * 50_000] * 4) if in_parts else b"x" * 200_000
            connection.request("POST", "/v1/repair", body, {"Content-Type": "text/plain"})
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["status"]) == (401, 401)
        connection.close()


def test_a_client_that_leaves_a_stream_gives_its_place_back() -> None:
    with slow(JIAOKAN_MAX_REQUESTS="1") as service:
        with socket.create_connection(("127.0.0.1", service.port)) as connection:
            connection.sendall(b"GET /drip HTTP/1.1\r\nHost: l\r\n\r\n")
            connection.recv(10)
            assert service.get("/v1/nowhere")[0] == 503
        time.sleep(0.5)
        assert service.get("/v1/nowhere")[0] == 404
        service.program.terminate()
        told = [json.loads(line) for line in service.log().splitlines()]
        assert [line["complete"] for line in told if line.get("route") == "/drip"] == [False]


def test_a_worker_that_is_killed_is_replaced_and_counts_stay_true() -> None:
    with slow(JIAOKAN_WORKERS="2") as service:
        before = service.workers()
        for _ in range(20):
            service.get("/healthz")
        held = [service.later("/wait") for _ in range(4)]
        time.sleep(0.5)
        os.kill(before[0], signal.SIGKILL)
        assert {each.wait() for each in held} <= {(200, b"waited"), None}
        deadline = time.monotonic() + 30
        while len(set(service.workers()) - {before[0]}) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        found = service.get("/metrics")[1].decode()
        assert 'jiaokan_requests_total{method="GET",route="/healthz",status="200"} 20.0' in found
        assert "jiaokan_requests_running 1.0" in found


def test_every_line_on_standard_error_is_json_and_has_no_words_of_anyone() -> None:
    with slow(JIAOKAN_LOG_LEVEL="debug") as service:
        folder = re.search(
            "PROMETHEUS_MULTIPROC_DIR=([^\0]+)", Path(f"/proc/{service.workers()[0]}/environ").read_text()
        )
        assert folder is None  # it is set in the process, not handed down by whoever starts it
        assert service.get("/healthz?sekret", **{"X-Request-ID": "a1", "User-Agent": "sekret"})[0] == 200
        service.get("/broken")
        service.program.terminate()
        log = service.log()
    told = [json.loads(line) for line in log.splitlines()]
    assert "sekret" not in log
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(line) for line in told))
    assert any(line["message"].startswith("Listening at: ") for line in told)
    assert [line["request_id"] for line in told if line.get("route") == "/healthz"] == ["a1"]
    assert any(line["message"].startswith("the answer broke off: ValueError at ") for line in told)


def test_no_counts_are_left_behind(tmp_path: Path) -> None:
    with slow(TMPDIR=str(tmp_path), JIAOKAN_WORKERS="2") as service:
        service.get("/healthz")
        assert [path.name.startswith("jiaokan-metrics-") for path in tmp_path.iterdir()] == [True]
        service.program.terminate()
        service.log()
    assert list(tmp_path.iterdir()) == []


def test_https_with_a_certificate_and_nothing_else(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued.private_key_pem.write_to_path(key)
    for number, pem in enumerate(issued.cert_chain_pems):
        pem.write_to_path(cert, append=number > 0)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with slow(JIAOKAN_TLS_CERT=str(cert), JIAOKAN_TLS_KEY=str(key)) as service:
        with urllib.request.urlopen(f"https://localhost:{service.port}/healthz", context=trusting) as answer:
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        with pytest.raises((OSError, http.client.HTTPException)):
            service.get("/healthz")
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(f"https://localhost:{service.port}/healthz", context=ssl.create_default_context())


def test_keys_change_without_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    old = tokens.add("old", path)
    with slow(JIAOKAN_TOKENS_FILE=str(path), JIAOKAN_WORKERS="2") as service:

        def statuses(token: str) -> set[int]:
            return {service.get("/metrics", Authorization=f"Bearer {token}")[0] for _ in range(8)}

        new = tokens.add("new", path)
        assert statuses(old) == statuses(new) == {200}
        path.write_text(path.read_text().splitlines()[1] + "\n")
        assert (statuses(old), statuses(new)) == ({401}, {200})
        path.write_text("half a li")
        assert (statuses(old), statuses(new)) == ({401}, {200})
        service.program.terminate()
        assert service.log().count("the old keys stay") <= 2
