"""Where a bug is, and nothing of its words: the message of an exception may quote the text."""

from __future__ import annotations

import traceback


def trace(error: BaseException) -> str:
    """The kind of ``error`` and the places it passed, the innermost first.

    >>> try: int("a secret")
    ... except ValueError as error: trace(error).partition(" at ")[0]
    'ValueError'
    """
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"
