"""Service items of other catalogues: read through a mapping file, reviewed in bulk, then published."""
