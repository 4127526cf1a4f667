"""The pure part of forms: reading a schema, checking answers, showing them."""

from mingqu.forms.rules.answers import coerce, get, merged, prefilled
from mingqu.forms.rules.asking import asked_only, asked_words, is_asked
from mingqu.forms.rules.check import Circumstances, check
from mingqu.forms.rules.schema import known_schema, read_schema
from mingqu.forms.rules.show import own_rows, rows, words

__all__ = [
    "Circumstances",
    "asked_only",
    "asked_words",
    "check",
    "coerce",
    "get",
    "is_asked",
    "known_schema",
    "merged",
    "own_rows",
    "prefilled",
    "read_schema",
    "rows",
    "words",
]
