"""Questions of the staff pages, each composed of several rooms' answers."""

from mingqu.workbench.selectors.audit import audit_of_actor, audit_of_root, checkpoints, receipt, root_of
from mingqu.workbench.selectors.case import case_page, file_of_case, turn_of
from mingqu.workbench.selectors.consequences import (
    ARCHIVE_FOLLOWS,
    accept_follows,
    correction_follows,
    decision_follows,
    delivery_follows,
    opinions_of,
    refuse_follows,
)
from mingqu.workbench.selectors.desk import TABS, applicant_cases, desk_page, find_case
from mingqu.workbench.selectors.health import health
from mingqu.workbench.selectors.steps import task_posted

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
    "file_of_case",
    "find_case",
    "health",
    "opinions_of",
    "receipt",
    "refuse_follows",
    "root_of",
    "task_posted",
    "turn_of",
]
