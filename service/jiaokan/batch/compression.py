"""Compressed files: known by their content, not by their name."""

from __future__ import annotations

from typing import Literal

Compression = Literal["gzip", "bzip2", "xz", "zstd"]
