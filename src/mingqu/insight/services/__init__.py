"""Commands and kept figures of insight."""

from mingqu.insight.finding import offer_case_page
from mingqu.insight.services.exporting import export, export_cases
from mingqu.insight.services.keeping import day_is_whole, differences, follow, rebuild, settle_due
from mingqu.insight.services.recounting import QUEUE, WORK, ask_recount, sweep_recounts, work
from mingqu.insight.services.reports import (
    edit_report,
    make_due,
    make_reports,
    note_taken,
    recount_report,
    reopen_report,
    report_id,
    report_table,
    sign_report,
)
from mingqu.insight.services.scanning import agrees, scan

__all__ = [
    "QUEUE",
    "WORK",
    "agrees",
    "ask_recount",
    "day_is_whole",
    "differences",
    "edit_report",
    "export",
    "export_cases",
    "follow",
    "make_due",
    "make_reports",
    "note_taken",
    "offer_case_page",
    "rebuild",
    "recount_report",
    "reopen_report",
    "report_id",
    "report_table",
    "scan",
    "settle_due",
    "sign_report",
    "sweep_recounts",
    "work",
]
