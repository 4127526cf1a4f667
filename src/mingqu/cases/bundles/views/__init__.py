"""Pages of bundles, for citizens."""
