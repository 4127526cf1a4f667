"""Bundles (一件事), stages and projects: several cases asked for at once, each with its own state and clock."""
