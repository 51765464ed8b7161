"""The lines of a batch that wait to be repaired, and the answers that wait for their turn.

One thread puts lines in; several take shares of what there is and give the answers, which go out in the order of the
lines. A share is whatever has come, so that a client that sends one line gets its answer, and one that sends many has
them repaired at the speed of the library.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from threading import Condition
from typing import Final, NamedTuple

from jiaokan.web.work import Line

# Bytes of one share, but for one line, which may be longer: the way to a process and back takes 0.2 ms, so much clean
# text 6.
_SHARE: Final = 128 * 1024
# Seconds that a share is to take: so long do some takers wait for the last one at the end.
_SECONDS: Final = 0.05
# Bytes of a share before it is known how long they take, and that are not divided further if they take less: thirty
# documents of 2 KB, 3 ms if they are clean.
_FIRST: Final = 64 * 1024
# Shares for each taker that wait, are being repaired, or are held until it is their turn. Answers can be twenty times
# as long as their lines, and all but one taker may be held up by one slow line.
_SHARES: Final = 4
# Bytes that a line takes beside its own, so that a million empty ones do not fill the memory.
_LINE: Final = 256


# Seconds below which no time is told.
_TICK: Final = 1e-4


class Share(NamedTuple):
    """Lines to be repaired together: which share of the batch they are, from 0, their bytes, and when it was taken."""

    number: int
    lines: list[Line]
    size: int
    taken: float


class Window:
    """Lines in, answers out.

    Args:
        out: takes the answers, in the order of the lines.
        takers: how many threads take shares.
    """

    def __init__(self, out: Callable[[bytes], None], takers: int) -> None:
        self._out = out
        self._takers = takers
        self._most = _SHARES * _SHARE * takers
        self._changed = Condition()
        self._lines = deque[Line]()
        self._waiting = 0  # bytes of lines that nobody has taken
        self._within = 0  # of these, and of lines whose answers have not gone out
        self._taken = 0  # shares
        self._turn = 0  # the share whose answers go out
        self._held: dict[int, list[bytes]] = {}  # answers that came before their turn
        self._sizes: dict[int, int] = {}  # of shares whose answers are complete
        self._pace = _FIRST / _SECONDS  # bytes in a second, of the last share
        self._ended = self._cancelled = False

    def put(self, lines: Sequence[Line]) -> bool:
        """Add lines, once there is room for them; false if no more are wanted."""
        size = _size(lines)
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled or not self._within or self._within + size <= self._most)
            if not self._cancelled:
                self._lines += lines
                self._waiting += size
                self._within += size
                self._changed.notify_all()
            return not self._cancelled

    def end(self) -> None:
        """No more lines will come."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def cancel(self) -> None:
        """No more lines and answers are wanted."""
        with self._changed:
            self._cancelled = True
            self._lines.clear()
            self._held.clear()
            self._changed.notify_all()

    def take(self) -> Share | None:
        """The next share, once there is one; ``None`` when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._ended or self._cancelled)
            if not self._lines:
                return None
            wanted = min(_SHARE, max(_FIRST, self._waiting // self._takers), self._pace * _SECONDS)
            lines = [self._lines.popleft()]
            size = _size(lines)
            while self._lines and size < wanted:
                lines.append(self._lines.popleft())
                size += _size(lines[-1:])
            self._waiting -= size
            self._taken += 1
            return Share(self._taken - 1, lines, size, time.monotonic())

    def give(self, share: Share, answers: bytes) -> None:
        """Answers to some lines of a share, those that follow the ones given before; raises what ``out`` raises."""
        with self._changed:
            if self._cancelled:
                return
            if share.number == self._turn:
                self._out(answers)
            else:
                self._held.setdefault(share.number, []).append(answers)

    def finish(self, share: Share) -> None:
        """All answers to a share were given; raises what ``out`` raises."""
        with self._changed:
            self._pace = share.size / max(time.monotonic() - share.taken, _TICK)
            self._sizes[share.number] = share.size
            while self._turn in self._sizes and not self._cancelled:
                self._within -= self._sizes.pop(self._turn)
                self._turn += 1
                for answers in self._held.pop(self._turn, ()):
                    self._out(answers)
            self._changed.notify_all()


def _size(lines: Iterable[Line]) -> int:
    return sum([_LINE + len(raw or b"") for _, raw in lines])
