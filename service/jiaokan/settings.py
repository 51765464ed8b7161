"""What the environment may set, read once and checked: the only place that looks at it, or writes to it.

A setting is one field of ``Settings``: its name, type and default, and beside them what it means and which values it
may have. The environment is read, the values are checked and ``docs/serve.md`` is held to account by these fields.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final, NamedTuple

_PREFIX: Final = "JIAOKAN_"
_SHARED_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"
_LAST_PORT: Final = 65_535
_KIB: Final = 1024
_MIB: Final = 1024 * _KIB
_GIB: Final = 1024 * _MIB
_DAY: Final = 24 * 60 * 60  # seconds

LEVELS: Final = ("debug", "info", "warning", "error", "critical")

_RATE: Final = re.compile(r"[1-9]\d*/(second|minute|hour|day)(;[1-9]\d*/(second|minute|hour|day))*", re.ASCII)
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S*", re.ASCII)
_ORIGIN: Final = re.compile(r"\*|https?://([\w.-]+|\[[0-9a-f:]+\])(:\d+)?", re.ASCII | re.IGNORECASE)


class Range(NamedTuple):
    """The values a setting may have: in words, and as a test."""

    words: str
    holds: Callable[[Any], bool]


def _at_least(least: int) -> Range:
    return Range(f"at least {least}", lambda value: value >= least)


def _from_to(least: int, most: int) -> Range:
    return Range(f"from {least} to {most}", lambda value: least <= value <= most)


def _matching(form: re.Pattern[str], words: str) -> Range:
    return Range(words, lambda value: not value or form.fullmatch(value) is not None)


_FILE: Final = Range("a file", lambda _: True)  # it is opened when the service starts
_GIVEN: Final = Range("not empty", bool)
_SECONDS: Final = Range(f"more than 0, at most {_DAY}", lambda value: 0 < value <= _DAY)  # which keeps NaN out
_LEVEL: Final = Range(f"one of {', '.join(LEVELS)}", LEVELS.__contains__)
_ORIGINS: Final = Range(
    "* or origins such as https://example.org, with commas between",
    lambda origins: all(_ORIGIN.fullmatch(origin) for origin in origins),
)


def _setting(default: object, meaning: str, values: Range) -> Any:
    return field(default=default, metadata={"meaning": meaning, "values": values})


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs. ``docs/serve.md`` has all of it in one table.

    Raises:
        ValueError: a value is out of range, or two do not go together.
    """

    host: str = _setting("127.0.0.1", "the address to listen on", _GIVEN)
    port: int = _setting(8000, "the port to listen on", _from_to(1, _LAST_PORT))
    workers: int = _setting(
        1, "processes that answer requests; where one is killed another takes its place", _at_least(1)
    )
    processes: int = _setting(
        0, "processes of one worker that repair; 0: as many as it has cores to itself", _from_to(0, 1024)
    )
    tls_cert: str = _setting(
        "", "file with the certificate and its chain (PEM); with its key, https instead of http", _FILE
    )
    tls_key: str = _setting("", "file with the certificate's key (PEM)", _FILE)
    max_bytes: int = _setting(
        16 * _MIB, "the largest document in bytes, once decompressed: a whole body, or a line of a batch", _at_least(1)
    )
    max_batch_bytes: int = _setting(4 * _GIB, "the largest body of a batch in bytes, once decompressed", _at_least(1))
    max_batch_documents: int = _setting(1_000_000, "the most documents in a batch", _at_least(1))
    max_seconds: float = _setting(30.0, "seconds that one document may take", _SECONDS)
    max_requests: int = _setting(
        64, "requests at once in one worker; more are refused with 503 and Retry-After", _from_to(1, 1024)
    )
    stop_seconds: float = _setting(
        60.0, "seconds that running requests and streams are given to end when the service is stopped", _SECONDS
    )
    tokens_file: str = _setting("", "file with the keys that may use the service; without it everyone may", _FILE)
    rate_limit: str = _setting(
        "",
        "requests under `/v1/` that one client (a token, else an address) may make",
        _matching(_RATE, "a count for each second, minute, hour or day, such as 60/minute or 5/second;1000/day"),
    )
    rate_limit_store: str = _setting(
        "memory://",
        "where the rates are counted; in memory each worker counts for itself",
        _matching(_ADDRESS, "memory:// or the address of a store, such as redis://host:6379"),
    )
    cors_origins: tuple[str, ...] = _setting((), "pages of these origins may call `/v1/` from a browser", _ORIGINS)
    trusted_proxies: int = _setting(
        0, "proxies in front of the service whose X-Forwarded-For and X-Forwarded-Proto are believed", _from_to(0, 16)
    )
    log_level: str = _setting("info", "the least that is logged; info has a line for every request", _LEVEL)

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each, getattr(self, each.name), each.name)
        if bool(self.tls_cert) != bool(self.tls_key):
            lacking = "tls_key" if self.tls_cert else "tls_cert"
            raise ValueError(f"{lacking} ({variable(lacking)}) is missing: a certificate and its key go together")

    @property
    def repairing_processes(self) -> int:
        """How many processes repair for one worker: ``processes``, or the cores that are its share."""
        return self.processes or max(1, len(os.sched_getaffinity(0)) // self.workers)

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
        """The settings that ``environ`` makes, and ``given`` before it; what is unset or blank keeps its default.

        >>> Settings.read({"JIAOKAN_PORT": "8080"}).port
        8080

        Raises:
            ValueError: a value is not of its type or out of range, in one line that names the variable.
        """
        return cls(**{**dict(_given(environ)), **given})


def variable(name: str) -> str:
    """The variable that sets the field ``name``."""
    return _PREFIX + name.upper()


def rows() -> Iterator[tuple[str, str, str, str]]:
    """The table of all settings: variable, meaning, range and default."""
    for each in fields(Settings):
        default = each.default
        shown = ",".join(default) if isinstance(default, tuple) else str(default)
        yield variable(each.name), each.metadata["meaning"], _range_in_words(each), shown


def share_metrics(folder: str) -> None:
    """Have this process and those it starts count into files in ``folder``; prometheus_client reads it on import."""
    os.environ[_SHARED_METRICS] = folder


def shared_metrics() -> str:
    """The folder that ``share_metrics`` named, or somebody before this process began; empty if there is none."""
    return os.environ.get(_SHARED_METRICS, "")


# How a value of each type is read, and what it is called where it cannot be.
_READERS: Final[Mapping[type, tuple[str, Callable[[str], object]]]] = {
    int: ("a whole number", int),
    float: ("a number", float),
    str: ("a string", str),
    tuple: ("a list", lambda value: tuple(filter(None, map(str.strip, value.split(","))))),
}


def _given(environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for each in fields(Settings):
        name = variable(each.name)
        if text := environ.get(name, "").strip():
            kind, reader = _READERS[type(each.default)]
            try:
                value = reader(text)
            except ValueError:
                raise ValueError(f"{name} is {kind}, not {text!r}") from None
            _check(each, value, name)
            yield each.name, value


def _check(each: Field[Any], value: object, name: str) -> None:
    values: Range = each.metadata["values"]
    if not values.holds(value):
        shown = ",".join(value) if isinstance(value, tuple) else value
        said = repr(shown) if isinstance(shown, str) else shown
        raise ValueError(f"{name} is {values.words}, not {said}")


def _range_in_words(each: Field[Any]) -> str:
    kind, words = _READERS[type(each.default)][0], each.metadata["values"].words
    return f"{kind}, {words}" if isinstance(each.default, int | float) else words
