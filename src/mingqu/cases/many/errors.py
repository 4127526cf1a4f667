"""Refusals about many applications at once."""

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class ManyRefusal(DomainError):
    code = "many_refused"
    status = 409


class ManyUnknown(NotFound):
    """No such table, or not this person's: the answer is the same for both."""

    code = "many_not_found"
    sentence = to_citizens("没有找到这一批。它可能是以另一个名义上传的，请切换以后再看。")


class ManyElsewhere(ManyRefusal):
    code = "many_elsewhere"
    sentence = to_citizens("这一批现在是“{state}”，不能再做这一步。请刷新后查看。")


class NothingToHandIn(ManyRefusal):
    code = "many_nothing_to_hand_in"
    sentence = to_citizens("没有可以提交的行。请下载要改正的行，改好以后再上传。")


class ManyColumnsMissing(ManyRefusal):
    code = "many_columns_missing"
    status = 400
    sentence = to_citizens("表格里没有这些列：{names}。请下载这个事项的模板，填在模板里。")


class ManyTooLong(ManyRefusal):
    code = "many_too_long"
    status = 400
    sentence = to_citizens("一次最多{most}行，这份表格有{rows}行，请分成几份。")


class PackRefused(ManyRefusal):
    """`what` says which file of the zip, and why."""

    code = "many_pack_refused"
    status = 400
    sentence = to_citizens("材料压缩包不能用：{what}。")


class NotInBulk(ManyRefusal):
    code = "many_not_in_bulk"
    status = 400
    sentence = to_citizens("“{name}”要从已有的证照办起，不能批量申报，请一件一件办。")
