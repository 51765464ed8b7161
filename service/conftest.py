"""What pytest is not to import: it looks for examples in every module, and an engine may not be installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("pyspark") else ["jiaokan/batch/spark.py"]
