"""Revisions of an item and its draft, for rooms above that compare or try them."""
