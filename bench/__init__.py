"""The bench: how much of each kind of damage is undone, how much sound text is spoiled, and what it costs.

``python -m bench`` lists the tasks. ``harness`` runs one and prints its tables; ``corpus`` has the clean text;
``forward`` damages it and knows nothing of jiaokan; ``peers`` are those it is compared with; README.md says what each
column means.
"""
