"""Settings come from the environment, and a bad one stops the service before it starts."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from jiaokan.settings import Settings, rows, variable

PAGE = Path(__file__).parents[1] / "docs" / "serve.md"

EVERYTHING = {
    "JIAOKAN_HOST": ("::1", "::1"),
    "JIAOKAN_PORT": ("65535", 65535),
    "JIAOKAN_WORKERS": ("3", 3),
    "JIAOKAN_PROCESSES": ("2", 2),
    "JIAOKAN_TLS_CERT": ("cert.pem", "cert.pem"),
    "JIAOKAN_TLS_KEY": ("key.pem", "key.pem"),
    "JIAOKAN_MAX_BYTES": ("1000", 1000),
    "JIAOKAN_MAX_BATCH_BYTES": ("2000", 2000),
    "JIAOKAN_MAX_BATCH_DOCUMENTS": ("7", 7),
    "JIAOKAN_MAX_SECONDS": ("1.5", 1.5),
    "JIAOKAN_MAX_REQUESTS": ("8", 8),
    "JIAOKAN_STOP_SECONDS": ("9", 9.0),
    "JIAOKAN_TOKENS_FILE": ("/etc/tokens", "/etc/tokens"),
    "JIAOKAN_RATE_LIMIT": ("5/second;1000/day", "5/second;1000/day"),
    "JIAOKAN_RATE_LIMIT_STORE": ("redis://store:6379", "redis://store:6379"),
    "JIAOKAN_CORS_ORIGINS": (
        "https://a.example, http://localhost:5173,",
        ("https://a.example", "http://localhost:5173"),
    ),
    "JIAOKAN_TRUSTED_PROXIES": ("1", 1),
    "JIAOKAN_LOG_LEVEL": ("warning", "warning"),
}


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.read({}) == Settings()
    assert (Settings().max_bytes, Settings().host, Settings().port) == (16 * 2**20, "127.0.0.1", 8000)


def test_every_setting_is_read() -> None:
    assert {variable(field.name) for field in fields(Settings)} == EVERYTHING.keys()
    read = Settings.read({name: text for name, (text, _) in EVERYTHING.items()} | {"PORT": "1"})
    assert {variable(field.name): getattr(read, field.name) for field in fields(read)} == {
        name: value for name, (_, value) in EVERYTHING.items()
    }


def test_a_blank_value_leaves_the_default() -> None:
    assert Settings.read({"JIAOKAN_PORT": " ", "JIAOKAN_HOST": ""}) == Settings()


def test_the_environment_of_this_run_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIAOKAN_PORT", "8111")
    assert Settings.read().port == 8111


def test_what_is_given_goes_before_the_environment() -> None:
    assert Settings.read({"JIAOKAN_PORT": "8111"}, port=8222).port == 8222
    assert Settings.read({"JIAOKAN_TLS_CERT": "cert"}, tls_key="key").tls_key == "key"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("MAX_BYTES", "16M", "is a whole number, not '16M'"),
        ("MAX_BYTES", "0", "is at least 1, not 0"),
        ("MAX_BATCH_BYTES", "-1", "is at least 1, not -1"),
        ("MAX_BATCH_DOCUMENTS", "0", "is at least 1, not 0"),
        ("MAX_REQUESTS", "1025", "is from 1 to 1024, not 1025"),
        ("MAX_SECONDS", "soon", "is a number, not 'soon'"),
        ("MAX_SECONDS", "0", "is more than 0, at most 86400, not 0.0"),
        ("MAX_SECONDS", "nan", "is more than 0, at most 86400, not nan"),
        ("STOP_SECONDS", "inf", "is more than 0, at most 86400, not inf"),
        ("PORT", "0", "is from 1 to 65535, not 0"),
        ("PORT", "65536", "is from 1 to 65535, not 65536"),
        ("PORT", "80.5", "is a whole number, not '80.5'"),
        ("WORKERS", "-1", "is at least 1, not -1"),
        ("PROCESSES", "-1", "is from 0 to 1024, not -1"),
        ("TRUSTED_PROXIES", "-1", "is from 0 to 16, not -1"),
        ("LOG_LEVEL", "INFO", "is one of debug, info, warning, error, critical, not 'INFO'"),
        ("RATE_LIMIT", "60", "is a count for each second"),
        ("RATE_LIMIT", "0/minute", "is a count for each second"),
        ("RATE_LIMIT", "60/minute, 5/second", "is a count for each second"),
        ("RATE_LIMIT_STORE", "localhost", "is memory:// or the address of a store"),
        ("CORS_ORIGINS", "https://a.example/", "is * or origins such as https://example.org"),
        ("CORS_ORIGINS", "https://.*", "is * or origins such as https://example.org"),
        ("CORS_ORIGINS", "a.example", "is * or origins such as https://example.org"),
        ("TLS_CERT", "cert.pem", "is missing: a certificate and its key go together"),
        ("TLS_KEY", "key.pem", "is missing: a certificate and its key go together"),
    ],
)
def test_a_bad_value_is_named_in_one_line(name: str, value: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)) as told:
        Settings.read({f"JIAOKAN_{name}": value})
    said = str(told.value)
    assert "\n" not in said
    lacking = {"TLS_CERT": "JIAOKAN_TLS_KEY", "TLS_KEY": "JIAOKAN_TLS_CERT"}
    assert lacking.get(name, f"JIAOKAN_{name} ") in said


def test_an_empty_host_is_refused() -> None:
    with pytest.raises(ValueError, match="host is not empty, not ''"):
        Settings(host="")


def test_the_page_has_every_setting_with_its_meaning_range_and_default() -> None:
    shown = re.findall(r"^\| `(JIAOKAN_\w+)` \| (.+) \| (.+) \| (.*?) ?\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert shown == [(name, meaning, values, default) for name, meaning, values, default in rows()]
