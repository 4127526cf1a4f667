"""Pages of 通办: agreements and what everybody may read; figures."""
