"""Refusals about announcements."""

from mingqu.cases.errors import CaseRefusal
from mingqu.kernel.errors import NotFound


class AnnouncementUnknown(NotFound):
    code = "announcement_unknown"
    sentence = "没有找到这份公告，或者它已经结束。"


class AnnouncedAlready(CaseRefusal):
    code = "announced_already"
    sentence = "这份文书正在公告，不用再登记一次。"


class NothingToAnnounce(CaseRefusal):
    """Served already, not made yet, or no paper that is served."""

    code = "nothing_to_announce"
    sentence = "这份文书现在不能公告送达：已经送达，或者还在生成。"


class AnnouncementIncomplete(CaseRefusal):
    code = "announcement_incomplete"
    sentence = "请写明{what}。"


class AnnouncementPersonal(CaseRefusal):
    """Everybody reads it; what names the addressee is masked, so her numbers stand nowhere else either."""

    code = "announcement_personal"
    sentence = "公告人人看得到，里面有{passages}，请删去。"


class AnnouncedOnly(CaseRefusal):
    """公告送达 is no way a clerk notes: it follows from an announcement that ran its time."""

    code = "announced_only"
    sentence = "公告送达不在这里登记：先登记公告，满三十日系统自动记为送达。"
