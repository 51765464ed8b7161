"""The detectors of charsets beside jiaokan: each reads bytes as text, as somebody would who took its word."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Final

import cchardet
import chardet
import chardetng_py
import charset_normalizer

from bench.forward.encode import decoded


def _chardet(raw: bytes) -> str | None:
    return decoded(raw, chardet.detect(raw)["encoding"])


def _charset_normalizer(raw: bytes) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the text is short
        best = charset_normalizer.from_bytes(raw).best()
    return decoded(raw, best.encoding if best else None)


DETECTORS: Final[dict[str, Callable[[bytes], str | None]]] = {
    "chardet": _chardet,
    "charset-normalizer": _charset_normalizer,
    "faust-cchardet": lambda raw: decoded(raw, cchardet.detect(raw)["encoding"]),
    "chardetng-py": lambda raw: decoded(raw, chardetng_py.detect(raw, allow_utf8=True)),
}
