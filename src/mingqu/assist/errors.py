"""Refusals of assist. Nothing is kept of what was refused."""

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class StuckUnknown(NotFound):
    """Absent, somebody else's, or the wrong code: the answer is the same."""

    code = "stuck_not_found"
    sentence = to_citizens("没有找到这件反映。请核对编号和查询码。")


class StuckWords(DomainError):
    code = "stuck_words"
    sentence = to_citizens("请写下什么事没办成，最多{most}个字。")


class StuckTooMany(DomainError):
    code = "stuck_too_many"
    sentence = to_citizens("一天最多反映{most}件。急事请打电话。")
    status = 429


class StuckConcernsYou(DomainError):
    code = "stuck_concerns_you"
    sentence = "反映的是您办过的办件，由本机关其他有权限的人员答复。"
    status = 403


class StuckNotNow(DomainError):
    """Answered, or said to be settled, meanwhile."""

    code = "stuck_not_now"
    sentence = to_citizens("这件反映现在是“{state}”，不能再做这一步。请刷新后查看。")
    status = 409


class StuckUntil(DomainError):
    """仍在办理中 says by when, so that nobody is put off for ever."""

    code = "stuck_until"
    sentence = "请写明哪一天以前办出结果：明天以后，最晚{latest}。"
