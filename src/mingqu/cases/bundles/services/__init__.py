"""Commands of bundles and projects. Each is one transaction on one root."""

from mingqu.cases.bundles.provisions import Provision, words_of
from mingqu.cases.bundles.services.delivery import choose_delivery
from mingqu.cases.bundles.services.ending import deliver_bundle, withdraw_bundle
from mingqu.cases.bundles.services.extending import extend_bundle
from mingqu.cases.bundles.services.filing import (
    check_form,
    check_materials,
    check_situation,
    context_of,
    file_bundle,
    file_part,
    opened_draft,
)
from mingqu.cases.bundles.services.following import follow_case, paper_ready
from mingqu.cases.bundles.services.outside import bind_subject, record_result
from mingqu.cases.bundles.services.party import change_party
from mingqu.cases.bundles.services.projects import note_stage, open_stage, register_project
from mingqu.cases.bundles.services.receiving import (
    accept_bundle,
    ask_bundle_correction,
    say_points,
    supplement_bundle,
)
from mingqu.cases.bundles.services.sharing import (
    close_findings,
    correct_finding,
    remove_finding,
    sign_findings,
    write_finding,
)
from mingqu.cases.bundles.services.visiting import add_visitor, answer_visit, drop_visitor, propose_visit
from mingqu.cases.bundles.services.window import file_bundle_at_window

__all__ = [
    "Provision",
    "accept_bundle",
    "add_visitor",
    "answer_visit",
    "ask_bundle_correction",
    "bind_subject",
    "change_party",
    "check_form",
    "check_materials",
    "check_situation",
    "choose_delivery",
    "close_findings",
    "context_of",
    "correct_finding",
    "deliver_bundle",
    "drop_visitor",
    "extend_bundle",
    "file_bundle",
    "file_bundle_at_window",
    "file_part",
    "follow_case",
    "note_stage",
    "open_stage",
    "opened_draft",
    "paper_ready",
    "propose_visit",
    "record_result",
    "register_project",
    "remove_finding",
    "say_points",
    "sign_findings",
    "supplement_bundle",
    "withdraw_bundle",
    "words_of",
    "write_finding",
]
