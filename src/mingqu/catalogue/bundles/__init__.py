"""Bundles (一件事) and stages: several services asked for once."""
