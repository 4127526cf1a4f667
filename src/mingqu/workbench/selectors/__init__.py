"""Questions of the staff pages, each composed of several rooms' answers."""

from mingqu.workbench.selectors.audit import audit_of_actor, audit_of_root, checkpoints, receipt, root_of
from mingqu.workbench.selectors.case import case_page, file_of_case, turn_of
from mingqu.workbench.selectors.consequences import (
    ARCHIVE_FOLLOWS,
    accept_follows,
    correction_follows,
    decision_follows,
    delivery_follows,
    extension_follows,
    later_follows,
    opinions_of,
    pause_follows,
    refusal_draft,
    refuse_follows,
    resume_follows,
    return_follows,
    settle_follows,
    termination_follows,
)
from mingqu.workbench.selectors.desk import (
    applicant_cases,
    desk_page,
    export_rows,
    find_case,
    items_named,
    next_number,
)
from mingqu.workbench.selectors.dossier import dossier_rows
from mingqu.workbench.selectors.file_reads import reads_of_actor, reads_of_root
from mingqu.workbench.selectors.health import health
from mingqu.workbench.selectors.home import home, waiting
from mingqu.workbench.selectors.materials import wrong_in
from mingqu.workbench.selectors.steps import returnable, task_posted
from mingqu.workbench.selectors.tabs import TABS
from mingqu.workbench.selectors.visits import (
    first_day,
    photo_file,
    planning_of,
    spot,
    visit_panel,
    visits_page,
)

__all__ = [
    "ARCHIVE_FOLLOWS",
    "TABS",
    "accept_follows",
    "applicant_cases",
    "audit_of_actor",
    "audit_of_root",
    "case_page",
    "checkpoints",
    "correction_follows",
    "decision_follows",
    "delivery_follows",
    "desk_page",
    "dossier_rows",
    "export_rows",
    "extension_follows",
    "file_of_case",
    "find_case",
    "first_day",
    "health",
    "home",
    "items_named",
    "later_follows",
    "next_number",
    "opinions_of",
    "pause_follows",
    "photo_file",
    "planning_of",
    "reads_of_actor",
    "reads_of_root",
    "receipt",
    "refusal_draft",
    "refuse_follows",
    "resume_follows",
    "return_follows",
    "returnable",
    "root_of",
    "settle_follows",
    "spot",
    "task_posted",
    "termination_follows",
    "turn_of",
    "visit_panel",
    "visits_page",
    "waiting",
    "wrong_in",
]
