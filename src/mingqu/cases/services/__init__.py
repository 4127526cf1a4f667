"""Commands of a case, from filing to archive. Each is one transaction with one reason."""

from mingqu.cases.coming import offer_whereabouts
from mingqu.cases.further import offer_further
from mingqu.cases.services.acceptance import (
    accept_case,
    ask_before_supplement,
    ask_correction,
    deem_accepted,
    refuse_acceptance,
    supplement_case,
)
from mingqu.cases.services.after_checks import check_commitment, plan_after_checks
from mingqu.cases.services.amending import answer_change, ask_void, mend_entry
from mingqu.cases.services.arriving import note_arrival
from mingqu.cases.services.consulting import (
    answer_consultation,
    consult,
    end_consultation,
    watch_consultation,
)
from mingqu.cases.services.decision import decide_case, decide_with, settle_on_spot
from mingqu.cases.services.delivery_choice import checked_address, choose_delivery, readdress
from mingqu.cases.services.desk import keep_phrases, mark_material
from mingqu.cases.services.ending import archive_case, terminate_case, withdraw_case
from mingqu.cases.services.filing import file_case, new_query_code
from mingqu.cases.services.flows import move_flow, move_flow_back
from mingqu.cases.services.gaps import bring_owed, tell_about_owed
from mingqu.cases.services.handing import (
    change_signers,
    claim_step,
    hold_step,
    pass_on,
    release_step,
    take_back,
)
from mingqu.cases.services.promises import bring_now, sign_commitment
from mingqu.cases.services.query_codes import renew_query_code
from mingqu.cases.services.recusing import decide_recusal, exclude, reassign, recuse
from mingqu.cases.services.renewal import deem_renewed
from mingqu.cases.services.retry import retry_paper
from mingqu.cases.services.reveal import reveal_applicant
from mingqu.cases.services.review import complete_step, return_inside
from mingqu.cases.services.second_word import answer_discretion, pass_discretion
from mingqu.cases.services.service_of_papers import deliver_case
from mingqu.cases.services.special import (
    expect_later,
    extend_case,
    pause_case,
    resume_case,
    tell_it_lasts,
)
from mingqu.cases.services.visits import (
    add_visit_photos,
    ask_new_date,
    move_visit,
    plan_visit,
    record_visit,
    remove_visit_photo,
    save_visit,
)
from mingqu.cases.services.window import file_at_window

__all__ = [
    "accept_case",
    "add_visit_photos",
    "answer_change",
    "answer_consultation",
    "answer_discretion",
    "archive_case",
    "ask_before_supplement",
    "ask_correction",
    "ask_new_date",
    "ask_void",
    "bring_now",
    "bring_owed",
    "change_signers",
    "check_commitment",
    "checked_address",
    "choose_delivery",
    "claim_step",
    "complete_step",
    "consult",
    "decide_case",
    "decide_recusal",
    "decide_with",
    "deem_accepted",
    "deem_renewed",
    "deliver_case",
    "end_consultation",
    "exclude",
    "expect_later",
    "extend_case",
    "file_at_window",
    "file_case",
    "hold_step",
    "keep_phrases",
    "mark_material",
    "mend_entry",
    "move_flow",
    "move_flow_back",
    "move_visit",
    "new_query_code",
    "note_arrival",
    "offer_further",
    "offer_whereabouts",
    "pass_discretion",
    "pass_on",
    "pause_case",
    "plan_after_checks",
    "plan_visit",
    "readdress",
    "reassign",
    "record_visit",
    "recuse",
    "refuse_acceptance",
    "release_step",
    "remove_visit_photo",
    "renew_query_code",
    "resume_case",
    "retry_paper",
    "return_inside",
    "reveal_applicant",
    "save_visit",
    "settle_on_spot",
    "sign_commitment",
    "supplement_case",
    "take_back",
    "tell_about_owed",
    "tell_it_lasts",
    "terminate_case",
    "watch_consultation",
    "withdraw_case",
]
