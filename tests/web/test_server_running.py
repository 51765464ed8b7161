"""The service at work: full, watched, stopped, killed, over TLS, and what it leaves behind."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import trustme
from running import slow

from conftest import Start
from jiaokan.web import tokens


@pytest.mark.alone
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


@pytest.mark.alone
def test_what_takes_longer_than_it_may_is_cut_off_and_the_client_sees_it() -> None:
    with slow(JIAOKAN_STOP_SECONDS="1") as service:
        asked = service.later("/drip")
        time.sleep(0.5)
        service.program.terminate()
        began = time.monotonic()
        assert asked.wait() is None
        service.log()
        assert time.monotonic() - began < 5


@pytest.mark.alone
def test_past_the_limit_requests_are_refused_at_once_and_health_is_told_at_once() -> None:
    with slow(JIAOKAN_MAX_REQUESTS="3") as service:
        asked = [service.later("/wait") for _ in range(3)]
        time.sleep(0.7)
        began = time.monotonic()
        for _ in range(100):
            assert service.get("/v1/nowhere")[0] == 503
            assert service.get("/healthz")[0] == service.get("/metrics")[0] == 200
            assert b"busy" not in service.get("/readyz")[1]
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


@pytest.mark.alone
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
        # The client sees that the answer was not made to its end, now and then before it has seen any of it.
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            service.get("/broken")
        service.program.terminate()
        log = service.log()
    told = [json.loads(line) for line in log.splitlines()]
    assert "sekret" not in log
    assert {"time", "level", "logger", "message"} <= set.intersection(*(set(line) for line in told))
    assert any(line["message"].startswith("Listening at: ") for line in told)
    assert [line["request_id"] for line in told if line.get("route") == "/healthz"] == ["a1"]
    assert any(line["message"].startswith("the answer broke off: ValueError at ") for line in told)


@pytest.mark.alone
def test_no_counts_are_left_behind(tmp_path: Path) -> None:
    with slow(TMPDIR=str(tmp_path), JIAOKAN_WORKERS="2") as service:
        service.get("/healthz")
        names = {path.name.partition("-m")[0] for path in tmp_path.iterdir()}
        assert "jiaokan" in names  # and what multiprocessing keeps its sockets in
        service.program.terminate()
        service.log()
    assert list(tmp_path.iterdir()) == []


def test_https_with_a_certificate_and_nothing_else(start: Start, tmp_path: Path) -> None:
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
        where = {"JIAOKAN_PORT": str(service.port), "JIAOKAN_TLS_CERT": str(cert), "JIAOKAN_TLS_KEY": str(key)}
        asked = start(["health"], **where)
        out, err = asked.communicate(timeout=60)
        assert (asked.returncode, out.decode(), err) == (0, f"https://127.0.0.1:{service.port}/healthz is well.\n", b"")
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


def test_a_broken_file_of_keys_changes_nothing(tmp_path: Path) -> None:
    """One worker: of two, one may have been asked nothing before, and has the keys of the start."""
    path = tmp_path / "tokens"
    key = tokens.add("key", path)
    with slow(JIAOKAN_TOKENS_FILE=str(path), JIAOKAN_WORKERS="1") as service:
        path.write_text("half a li")
        for token, status in ((key, 200), ("other", 401)):
            assert service.get("/metrics", Authorization=f"Bearer {token}")[0] == status
        service.program.terminate()
        assert service.log().count("the old keys stay") == 1
