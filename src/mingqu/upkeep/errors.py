"""Refusals of upkeep."""

from mingqu.kernel.errors import DomainError


class WordsMissing(DomainError):
    code = "upkeep_words_missing"
    sentence = "请写清楚要告诉大家什么，最多200个字。"


class TimesWrong(DomainError):
    code = "upkeep_times_wrong"
    sentence = "结束要晚于开始，也要晚于现在；公告最多显示{most}天。"


class StopTooLong(DomainError):
    code = "stop_too_long"
    sentence = "一次维护最多{most}小时。确实更久的，到时候再延长。"


class NoticeOver(DomainError):
    """Withdrawn, ended or past: nothing is left to change."""

    code = "upkeep_over"
    sentence = "这一条已经结束，不能再改。"
    status = 409


class UnderMaintenance(DomainError):
    """A planned stop is running; who waits is told until when."""

    code = "under_maintenance"
    sentence = "网站正在维护，{until}恢复。"
    status = 503
