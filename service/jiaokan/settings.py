"""What the environment may set, read once and checked: the only place that looks at it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_DEFAULT_MAX_BYTES: Final = 16 * 1024 * 1024
_LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs.

    Attributes:
        max_bytes: the largest request body, in bytes; at least 1. ``JIAOKAN_MAX_BYTES``.
        host: the address to listen on. ``JIAOKAN_HOST``.
        port: the port to listen on, 1 to 65535. ``JIAOKAN_PORT``.
        workers: the processes that serve, at least 1; each holds its own tables. ``JIAOKAN_WORKERS``.

    Raises:
        ValueError: a value is out of range.
    """

    max_bytes: int = _DEFAULT_MAX_BYTES
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1

    def __post_init__(self) -> None:
        if not self.host:
            raise ValueError("host is empty")
        if self.max_bytes < 1:
            raise ValueError(f"max_bytes is at least 1, not {self.max_bytes}")
        if not 1 <= self.port <= _LAST_PORT:
            raise ValueError(f"port is from 1 to {_LAST_PORT}, not {self.port}")
        if self.workers < 1:
            raise ValueError(f"workers is at least 1, not {self.workers}")

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings that ``environ`` makes; a variable that is unset or blank leaves the default.

        >>> Settings.read({"JIAOKAN_PORT": "8080"})
        Settings(max_bytes=16777216, host='127.0.0.1', port=8080, workers=1)

        Raises:
            ValueError: a value is no whole number where one is needed, or is out of range.
        """
        return cls(
            max_bytes=_number(environ, "JIAOKAN_MAX_BYTES", cls().max_bytes),
            host=environ.get("JIAOKAN_HOST", "").strip() or cls().host,
            port=_number(environ, "JIAOKAN_PORT", cls().port),
            workers=_number(environ, "JIAOKAN_WORKERS", cls().workers),
        )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} is a whole number, not {value!r}") from None
