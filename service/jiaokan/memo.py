"""Results that are remembered, in bounded room: what is asked for comes from texts of strangers.

``functools.cache`` is for functions whose arguments come from this package alone (a codec, a script). Whatever a text
or a request can vary is remembered here, or by ``lru_cache`` where the arguments are short.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from functools import lru_cache, wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T", bound=Sized)
P = ParamSpec("P")


class Memo(dict[K, V], Generic[K, V]):
    """Values worked out when they are first asked for; all are forgotten once there are ``most``.

    Of keys that are texts, those of more than ``longest`` characters are not remembered.

    >>> squares = Memo(lambda number: number**2, most=2)
    >>> squares[3], squares[4], len(squares), squares[5], len(squares)
    (9, 16, 2, 25, 1)
    """

    __slots__ = ("_longest", "_make", "_most")

    def __init__(self, make: Callable[[K], V], most: int, longest: int | None = None) -> None:
        super().__init__()
        self._make, self._most, self._longest = make, most, longest

    def __missing__(self, key: K) -> V:
        if self._longest is not None and isinstance(key, str) and len(key) > self._longest:
            return self._make(key)
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._make(key)
        return value


def remember(*, most: int, longest: int) -> Callable[[Callable[Concatenate[T, P], V]], Callable[Concatenate[T, P], V]]:
    """Remember the results of a function for its ``most`` last arguments, unless the first is longer than ``longest``.

    >>> @remember(most=10, longest=3)
    ... def shout(text: str) -> str:
    ...     return text.upper()
    >>> shout("abc"), shout("abcd")
    ('ABC', 'ABCD')
    """

    def decorate(function: Callable[Concatenate[T, P], V]) -> Callable[Concatenate[T, P], V]:
        remembered = lru_cache(maxsize=most)(function)

        @wraps(function)
        def call(first: T, /, *args: P.args, **kwargs: P.kwargs) -> V:
            if len(first) > longest:
                return function(first, *args, **kwargs)
            return remembered(first, *args, **kwargs)  # type: ignore[arg-type]

        return call

    return decorate
