"""All that a repair needs, loaded: the process that repairing processes are forked from imports this.

They share what is loaded here, and start in the time of a fork.
"""

from __future__ import annotations

import gc

from jiaokan import pipeline
from jiaokan.web import work as work

# One document with every fault, so that each has loaded its tables.
_DAMAGED = "現(xiàn)代金融當(dāng)?shù)厣祥T催收，軟體&nbsp;的问也日益突出。鍩庡競鐨勫彂灞曞緢蹇紝"
pipeline.repair(_DAMAGED, script="simplified-cn")
gc.collect()
gc.freeze()  # what is never looked at by the collector is never copied by it
