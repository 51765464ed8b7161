"""The formats that documents come in, a module for each (``pieces.Format``).

What they share stands beside them: ``lines`` and ``members`` for JSON Lines, ``cells`` for tables of text, ``columnar``
and ``ipc`` for Parquet and Arrow, ``html`` for archives.
"""
