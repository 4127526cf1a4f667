"""Web: statistics and reports."""
