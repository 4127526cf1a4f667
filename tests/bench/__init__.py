"""Measurements of Mingqu. `make bench`, or `make bench ONLY=commands`; a figure comes only from a run."""
