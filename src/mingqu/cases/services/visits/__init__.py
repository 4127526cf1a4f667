"""现场核查: agreed on, moved, recorded by two officers (行政许可法 34)."""

from mingqu.cases.services.visits.photos import add_visit_photos, remove_visit_photo
from mingqu.cases.services.visits.planning import ask_new_date, move_visit, plan_visit
from mingqu.cases.services.visits.recording import record_visit, save_visit

__all__ = [
    "add_visit_photos",
    "ask_new_date",
    "move_visit",
    "plan_visit",
    "record_visit",
    "remove_visit_photo",
    "save_visit",
]
