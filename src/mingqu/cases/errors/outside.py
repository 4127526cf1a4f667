"""Refusals about matters in other systems."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import to_citizens


class OutsideAnswerLate(CaseRefusal):
    code = "outside_answer_late"
    sentence = to_citizens("现在不用补正：已经交过，或者这一件已经往下办了。")
