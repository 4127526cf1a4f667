"""
When Python looks for garbage.

What a program has loaded (some 600,000 objects) never becomes garbage, and yet every full collection walks through
it: a third of a second in which a web process answers nobody.
"""

import gc

# Python's own are 700, 10, 10. What a request leaves is freed by reference counts; cycles are few and may wait.
THRESHOLDS = (50_000, 20, 50)


def rarely() -> None:
    """Collect rarely; for a process that begins."""
    gc.set_threshold(*THRESHOLDS)


def spare_what_is_loaded() -> None:
    """Leave what exists now out of all later collections; once everything is imported."""
    gc.collect()
    gc.freeze()
