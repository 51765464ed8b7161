"""What Schemathesis has to be told: that lines of JSON are sent as the text they are."""

from __future__ import annotations

import schemathesis

schemathesis.serializer.alias("application/x-ndjson", "text/plain")
