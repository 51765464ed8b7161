"""What the service has done, counted for Prometheus: requests, their time, and what was found in the documents.

A worker counts into files of its own where ``settings.share_metrics`` has named a folder, and whichever worker is asked
adds up the files of all, also of those that have died. Labels are routes, known methods, statuses and faults: nothing
that a client could make up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask, Request, Response

from jiaokan import __version__
from jiaokan.settings import shared_metrics
from jiaokan.web import visits
from jiaokan.web.visits import Counted, Visit

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

# Seconds. 2 KB of clean text take about a millisecond, 1 MB of damaged text some seconds, and a document 30 at most
# unless settings say otherwise; what is longer is a batch.
_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


def install(app: Flask, waiting: Callable[[], int] = lambda: 0) -> None:
    """Count the requests of ``app``; ``waiting`` tells how many documents wait for repair or are being repaired."""
    around = visits.install(app)
    counters = _counters()
    counters.waiting_now = waiting
    if counters.end not in around.ended:
        around.begun.append(counters.begin)
        around.ended.append(counters.end)


def count(tally: Counted) -> None:
    """Add what was done with some documents to the counters, and to the request that is being answered."""
    if visit := visits.current():
        visit.count(tally)
    _counters().add(tally)


def exposition(asked: Request) -> Response:
    """All counters of all workers, in the form of Prometheus or of OpenMetrics."""
    from prometheus_client.exposition import choose_encoder

    encode, content_type = choose_encoder(asked.headers.get("Accept", ""))
    return Response(encode(_counters().registry()), content_type=content_type)


@cache
def _counters() -> _Counters:
    """The counters of this process; made late, for prometheus_client looks at the environment when it is imported."""
    return _Counters()


class _Counters:
    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        own = self._own = CollectorRegistry()
        self._folder = shared_metrics()
        route = ("route", "method", "status")
        self._requests = Counter("jiaokan_requests", "Requests answered.", route, registry=own)
        self._seconds = Histogram(
            "jiaokan_request_seconds", "Time to the end of the answer.", ("route",), buckets=_BUCKETS, registry=own
        )
        running = Gauge(
            "jiaokan_requests_running", "Requests being answered.", registry=own, multiprocess_mode="livesum"
        )
        self._begin, self._leave = running.inc, running.dec
        queue = Gauge(
            "jiaokan_documents_waiting",
            "Documents that wait for repair or are being repaired.",
            registry=own,
            multiprocess_mode="livesum",
        )
        self._queue = queue.set
        self._documents = Counter("jiaokan_documents", "Documents repaired or surveyed.", registry=own)
        self._characters = Counter("jiaokan_characters", "Characters in these documents.", registry=own)
        self._edits = Counter("jiaokan_edits", "Edits made.", ("fault",), registry=own)
        self._doubts = Counter("jiaokan_doubts", "Findings told and not applied.", ("fault",), registry=own)
        build = Gauge("jiaokan_build_info", "The release.", ("version",), registry=own, multiprocess_mode="livemax")
        build.labels(__version__).set(1)
        self.waiting_now: Callable[[], int] = lambda: 0
        # Looking a label up costs more than counting. There are as many as routes, methods and statuses.
        self._request = cache(lambda *labels: self._requests.labels(*labels).inc)
        self._second = cache(lambda rule: self._seconds.labels(rule).observe)

    def begin(self, _visit: Visit) -> None:
        self._begin()

    def end(self, visit: Visit) -> None:
        self._leave()
        self._request(visit.rule, visit.method, visit.status)()
        self._second(visit.rule)(visit.seconds)

    def add(self, tally: Counted) -> None:
        self._documents.inc(tally.documents)
        self._characters.inc(tally.characters)
        for counter, found in ((self._edits, tally.edits), (self._doubts, tally.doubts)):
            for fault, number in found.items():
                counter.labels(fault).inc(number)
        self._queue(self.waiting_now())

    def registry(self) -> CollectorRegistry:
        """What there is to tell: this process, or all that count into the same folder."""
        self._queue(self.waiting_now())
        if not self._folder:
            return self._own
        from prometheus_client import CollectorRegistry

        folder = Path(self._folder)
        _remove_gauges_of_dead(folder)
        registry = CollectorRegistry()
        registry.register(_SharedCounts(folder))
        return registry


class _SharedCounts:
    """The counts of all workers that have begun to count into ``folder``.

    prometheus_client makes each file empty and then gives it its size; its own collector raises ``struct.error`` for a
    file that it meets in between, which is when a worker starts while another one is asked.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.multiprocess import MultiProcessCollector

        files = [str(path) for path in self._folder.glob("*.db") if _has_content(path)]
        counted: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return counted


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:  # the gauge of a dead worker, which another worker has just removed
        return False


def _remove_gauges_of_dead(folder: Path) -> None:
    """Remove the gauges of workers that are no more; what they counted stays, so that counters never fall.

    Several workers may do so at once.
    """
    for path in folder.glob("gauge_live*_*.db"):
        try:
            os.kill(int(path.stem.rpartition("_")[2]), 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except PermissionError:
            pass  # some other user's process has the number now
