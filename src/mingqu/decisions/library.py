"""All built-in functions of FEEL: importing this module declares them."""

from __future__ import annotations

from typing import Final

from mingqu.decisions import (
    builtins_context,
    builtins_list,
    builtins_number,
    builtins_range,
    builtins_string,
    builtins_time,
)
from mingqu.decisions.built_in import BUILT_INS

MODULES: Final = (
    builtins_context,
    builtins_list,
    builtins_number,
    builtins_range,
    builtins_string,
    builtins_time,
)
NAMES: Final = frozenset(BUILT_INS.signatures)
