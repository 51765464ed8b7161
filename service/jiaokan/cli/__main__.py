"""``python -m jiaokan.cli`` is ``jiaokan``."""

from __future__ import annotations

from jiaokan.cli import main

main()
