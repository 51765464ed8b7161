"""The engines as tests and benches run them: on this machine, with two cores, on loopback, without their pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from bench.harness import ROOT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SERVICE: Final = ROOT / "service"
CORES: Final = 2
SETTINGS: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Parts of 8 MB, so that two cores end at the same time.
    "spark.sql.files.maxPartitionBytes": "8m",
}
_STORE: Final = 1 << 30  # bytes of Ray's object store


def spark_session(**settings: str) -> SparkSession:
    """A session of Spark whose workers run this Python and find jiaokan."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join((str(SERVICE), str(ROOT)))
    builder = SparkSession.builder.master(f"local[{CORES}]").appName("jiaokan")
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@contextmanager
def ray_started() -> Iterator[Any]:
    """Ray, until the context ends."""
    os.environ["PYTHONPATH"] = os.pathsep.join((str(SERVICE), str(ROOT)))
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it would tell its makers
    import ray

    ray.init(
        num_cpus=CORES,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=_STORE,
        _node_ip_address="127.0.0.1",
    )
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    try:
        yield ray
    finally:
        ray.shutdown()
