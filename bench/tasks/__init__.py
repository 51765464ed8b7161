"""The tasks of the bench: each module has a ``TASK`` and says how its figures come about."""
