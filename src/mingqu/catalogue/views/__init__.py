"""Pages of those who write, review and publish definitions."""
