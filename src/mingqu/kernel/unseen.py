"""Signs without a shape: what they do to a text is not seen, so that none is kept of what people type."""

import re

# Control characters but tab and the ends of lines; marks of direction (U+202E turns a name round); what has no width
# and joins nothing. U+200C and U+200D stay: letters of Uygur and Mongolian are written with them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def without_unseen(text: str) -> str:
    """The same without them."""
    return UNSEEN.sub("", text)
