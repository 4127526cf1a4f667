"""Commands of halls: what is open, appointments, the queue, results at the counter."""

from mingqu.hall.services.booking import book, cancel, end_booking, hand_over, hold_slot, move
from mingqu.hall.services.changing import WindowWish, change_hall, keep_line, keep_window
from mingqu.hall.services.counter import (
    remind_of_result,
    result_arrived,
    result_handed_out,
    take_result_back,
)
from mingqu.hall.services.opening import close_day, open_slots, reopen_day, set_opening, set_up_hall
from mingqu.hall.services.paper import (
    call_back_slip,
    file_papers,
    give_back_papers,
    keep_papers,
    receive_papers,
    send_papers,
)
from mingqu.hall.services.queue import (
    call_again,
    call_next,
    check_in,
    end_day,
    finish,
    issue_number,
    recall,
    skip,
    transfer,
)
from mingqu.hall.services.terminals import end_terminal, register_terminal

__all__ = [
    "WindowWish",
    "book",
    "call_again",
    "call_back_slip",
    "call_next",
    "cancel",
    "change_hall",
    "check_in",
    "close_day",
    "end_booking",
    "end_day",
    "end_terminal",
    "file_papers",
    "finish",
    "give_back_papers",
    "hand_over",
    "hold_slot",
    "issue_number",
    "keep_line",
    "keep_papers",
    "keep_window",
    "move",
    "open_slots",
    "recall",
    "receive_papers",
    "register_terminal",
    "remind_of_result",
    "reopen_day",
    "result_arrived",
    "result_handed_out",
    "send_papers",
    "set_opening",
    "set_up_hall",
    "skip",
    "take_result_back",
    "transfer",
]
