"""Commands of identity, and `access`, the one rule of who may do what."""

from mingqu.identity.services.accounts import (
    change_password,
    change_phone,
    create_user,
    lock_user,
    open_account,
    reset_password,
    unlock_user,
)
from mingqu.identity.services.capacities import (
    answer_capacity,
    appoint_handler,
    ask_relative,
    become_representative,
    end_capacity,
)
from mingqu.identity.services.codes import register_code_sender
from mingqu.identity.services.firms import bind_firm, checked_code, require_free
from mingqu.identity.services.leaving import end_session
from mingqu.identity.services.organs import (
    assign_post,
    create_department,
    create_post,
    end_post,
    grant_role,
    revoke_role,
)
from mingqu.identity.services.people import create_firm, create_person, declare_identity
from mingqu.identity.services.real_name import verify_identity
from mingqu.identity.services.reception import (
    assisting,
    bind_account,
    checked_number,
    count_search,
    limited_to,
    look_up_person,
    receive_person,
)
from mingqu.identity.services.second_factor import code_at, reset_second_factor, seed_totp
from mingqu.identity.web import client_address

__all__ = [
    "answer_capacity",
    "appoint_handler",
    "ask_relative",
    "assign_post",
    "assisting",
    "become_representative",
    "bind_account",
    "bind_firm",
    "change_password",
    "change_phone",
    "checked_code",
    "checked_number",
    "client_address",
    "code_at",
    "count_search",
    "create_department",
    "create_firm",
    "create_person",
    "create_post",
    "create_user",
    "declare_identity",
    "end_capacity",
    "end_post",
    "end_session",
    "grant_role",
    "limited_to",
    "lock_user",
    "look_up_person",
    "open_account",
    "receive_person",
    "register_code_sender",
    "require_free",
    "reset_password",
    "reset_second_factor",
    "revoke_role",
    "seed_totp",
    "unlock_user",
    "verify_identity",
]
