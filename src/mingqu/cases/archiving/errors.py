"""Refusals about the package of an archived case."""

from mingqu.cases.errors.base import CaseRefusal


class NotArchivedYet(CaseRefusal):
    code = "not_archived_yet"
    sentence = "这件办件还没有归档，归档以后才能做归档包。"


class ArchiveNotMade(CaseRefusal):
    code = "archive_not_made"
    sentence = "还没有做归档包，请先做包。"


class ArchiveAtWork(CaseRefusal):
    code = "archive_at_work"
    sentence = "归档包正在做或者正在核对，做完以后再点。"


class ArchiveNotKept(CaseRefusal):
    code = "archive_not_kept"
    sentence = "做好的归档包已经按期清理，不再留着。请点“核对”，会用案卷里的文件重新做一份，再下载。"


class ArchiveHanded(CaseRefusal):
    code = "archive_handed"
    sentence = "归档包已经移交，不能重做。"


class ArchiveNotSound(CaseRefusal):
    code = "archive_not_sound"
    sentence = "归档包还没有核对，或者核对不符，不能移交。"


class ArchiveReceiverMissing(CaseRefusal):
    code = "archive_receiver_missing"
    sentence = "请写明移交给哪个单位，60个字以内。"


class ArchiveTooLarge(CaseRefusal):
    code = "archive_too_large"
    sentence = "这件办件的文件一共超过{megabytes}兆字节，不能在这里做包，请联系系统管理员。"
