"""Settings come from the environment, and a bad one stops the service before it starts."""

from __future__ import annotations

import pytest

from jiaokan.settings import Settings


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.read({}) == Settings(max_bytes=16 * 2**20, host="127.0.0.1", port=8000, workers=1)


def test_every_setting_is_read() -> None:
    environ = {
        "JIAOKAN_MAX_BYTES": "1000",
        "JIAOKAN_HOST": "::1",
        "JIAOKAN_PORT": "65535",
        "JIAOKAN_WORKERS": "3",
        "PORT": "1",
    }
    assert Settings.read(environ) == Settings(max_bytes=1000, host="::1", port=65535, workers=3)


def test_a_blank_value_leaves_the_default() -> None:
    assert Settings.read({"JIAOKAN_PORT": " ", "JIAOKAN_HOST": ""}) == Settings()


def test_the_environment_of_this_run_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAOKAN_PORT", "8111")
    assert Settings.read().port == 8111


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("JIAOKAN_MAX_BYTES", "16M", "JIAOKAN_MAX_BYTES is a whole number, not '16M'"),
        ("JIAOKAN_MAX_BYTES", "0", "max_bytes is at least 1, not 0"),
        ("JIAOKAN_PORT", "0", "port is from 1 to 65535, not 0"),
        ("JIAOKAN_PORT", "65536", "port is from 1 to 65535, not 65536"),
        ("JIAOKAN_PORT", "80.5", "JIAOKAN_PORT is a whole number"),
        ("JIAOKAN_WORKERS", "-1", "workers is at least 1, not -1"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Settings.read({name: value})


def test_an_empty_host_is_refused() -> None:
    with pytest.raises(ValueError, match="host is empty"):
        Settings(host="")
