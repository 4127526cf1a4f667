"""What people type, brought to the form the parsers read."""

from __future__ import annotations

import unicodedata

from mingqu.kernel.identifiers.errors import IdentifierRefused

_SEPARATORS = {" ", "\t", "\n", "\r", "\u3000", "\u00a0", "\u200b", "\ufeff"}
_DASHES = {"-", "‐", "‑", "–", "—", "−"}


def canonical(text: str, *, dashes: bool = False) -> str:
    """Full-width to ordinary characters, upper case, spaces gone (and dashes, where `dashes`)."""
    if text.isascii() and text.isalnum():
        return text.upper()  # what nearly always comes
    drop = _SEPARATORS | _DASHES if dashes else _SEPARATORS
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).upper() if ch not in drop)


def require_shape(kind: str, text: str, *, length: int, alphabet: str, last: str | None = None) -> None:
    """Refuse an empty, short, long or strangely written identifier, naming the first wrong place."""
    if not text:
        raise IdentifierRefused(kind, "empty")
    if len(text) != length:
        raise IdentifierRefused(kind, "length", got=len(text))
    for position, ch in enumerate(text, start=1):
        allowed = last if last is not None and position == length else alphabet
        if ch not in allowed:
            raise IdentifierRefused(kind, "characters", position=position)
