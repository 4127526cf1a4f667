"""Commands and services of the exchange room."""

from mingqu.exchange.services.carrying import (
    answer_correction,
    by_hand,
    import_states,
    read_sheet,
    resolve,
    try_again,
    type_number,
    type_state,
)
from mingqu.exchange.services.common import EXCHANGE
from mingqu.exchange.services.handing import call_off, hand_over, handover_id_of, not_taken, settle
from mingqu.exchange.services.hearing import flag_silent, hear, look, note_silence
from mingqu.exchange.services.hearing import sweep as sweep_unheard
from mingqu.exchange.services.reconciling import (
    read_list,
    reconcile,
    reconcile_asked,
    settle_difference,
    sweep_days,
)
from mingqu.exchange.services.sending import send
from mingqu.exchange.services.sending import sweep as sweep_unsent

__all__ = [
    "EXCHANGE",
    "answer_correction",
    "by_hand",
    "call_off",
    "flag_silent",
    "hand_over",
    "handover_id_of",
    "hear",
    "import_states",
    "look",
    "not_taken",
    "note_silence",
    "read_list",
    "read_sheet",
    "reconcile",
    "reconcile_asked",
    "resolve",
    "send",
    "settle",
    "settle_difference",
    "sweep_days",
    "sweep_unheard",
    "sweep_unsent",
    "try_again",
    "type_number",
    "type_state",
]
