"""Commands and services of the exchange room."""

from mingqu.exchange.services.answering import (
    answer_correction,
    answer_of_owner,
    carried_over,
    keep_files,
    take_back_file,
)
from mingqu.exchange.services.carrying import (
    by_hand,
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
from mingqu.exchange.services.recalling import recall
from mingqu.exchange.services.recalling import sweep as sweep_recalls
from mingqu.exchange.services.reconciling import (
    read_list,
    reconcile,
    reconcile_asked,
    settle_difference,
    sweep_days,
)
from mingqu.exchange.services.sending import send
from mingqu.exchange.services.sending import sweep as sweep_unsent
from mingqu.exchange.services.states import note_download, take_in
from mingqu.exchange.services.states import sweep as sweep_states
from mingqu.exchange.services.states import work as read_states

__all__ = [
    "EXCHANGE",
    "answer_correction",
    "answer_of_owner",
    "by_hand",
    "call_off",
    "carried_over",
    "flag_silent",
    "hand_over",
    "handover_id_of",
    "hear",
    "keep_files",
    "look",
    "not_taken",
    "note_download",
    "note_silence",
    "read_list",
    "read_sheet",
    "read_states",
    "recall",
    "reconcile",
    "reconcile_asked",
    "resolve",
    "send",
    "settle",
    "settle_difference",
    "sweep_days",
    "sweep_recalls",
    "sweep_states",
    "sweep_unheard",
    "sweep_unsent",
    "take_back_file",
    "take_in",
    "try_again",
    "type_number",
    "type_state",
]
