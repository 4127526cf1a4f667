"""How much `lists` are measured on; `mingqu bench lists --cases N --items N` changes it."""

CASES = 1_000_000
ITEMS = 500_000
