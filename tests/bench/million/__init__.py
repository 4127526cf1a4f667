"""A province poured into the product's own tables: items, cases of eighteen months, what counts them."""
