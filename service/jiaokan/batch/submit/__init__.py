"""What ``spark-submit`` is given: ``__main__.py``, alone in its folder, for scripts can import what is beside them.

``python -c 'import jiaokan.batch.submit as it; print(it.SCRIPT)'`` prints where it is.
"""

from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).with_name("__main__.py")
"""The script, for ``spark-submit``."""
