from mingqu.kernel.errors import DomainError


class EditionUnknown(DomainError):
    code = "list_edition_unknown"
    sentence = "没有找到这一版清单，或者您无权查看。"
    status = 404


class EntryUnknown(DomainError):
    code = "list_entry_unknown"
    sentence = "清单里没有这一条。"
    status = 404


class EditionOpen(DomainError):
    """One open edition of a list at a time, so that nobody's work is lost under another's."""

    code = "list_edition_open"
    sentence = "这份清单已经有一版没有发布，请在那一版上修改，或者先作废它。"
    status = 409


class EditionChanged(DomainError):
    code = "list_edition_changed"
    sentence = "您打开以后，这一版清单又有了改动。请刷新后再办。"
    status = 409


class EditionState(DomainError):
    """The deed does not fit the state; what is published is never changed."""

    code = "list_edition_state"
    sentence = "这一版清单现在是“{state}”，不能{deed}。"
    status = 409


class EditionEmpty(DomainError):
    code = "list_edition_empty"
    sentence = "这一版清单里还没有条目，不能送审。"
    status = 409


class EditionNotNew(DomainError):
    code = "list_edition_same"
    sentence = "这一版和已发布的第{number}版没有不同，不用发布。"
    status = 409


class BeforeChanged(DomainError):
    """What the publisher compared it with is not in force any more."""

    code = "list_before_changed"
    sentence = "送审以后，这份清单又发布了第{number}版。请退回，对照新的一版再送审。"
    status = 409


class SamePerson(DomainError):
    """Published by a second person: neither who wrote it nor who handed it in."""

    code = "list_same_person"
    sentence = "这一版清单是您编制或者送审的，要由另一个人发布。"
    status = 409


class ListReasonNeeded(DomainError):
    code = "list_reason_needed"
    sentence = "请写明理由。"


class ListReadOnly(DomainError):
    """优化营商环境条例 20: the negative list is made by the state alone."""

    code = "list_read_only"
    sentence = "市场准入负面清单由国家统一制定，各地不得另行制定（优化营商环境条例第二十条），条目不能改。"
    status = 403


class ListColumnsMissing(DomainError):
    code = "list_columns_missing"
    sentence = "表格里没有这些列：{names}。请对照模板的列名。"


class NothingTaken(DomainError):
    code = "list_nothing_taken"
    sentence = "{rows}行里没有一行能读成条目。第{line}行：{first}"


class ListUnreadable(DomainError):
    code = "list_unreadable"
    sentence = "文件不是清单：要么是一个条目的列表，要么是有“entries”的对象。"


class EntryWrong(DomainError):
    """A single entry as it was typed; `field` says where."""

    code = "list_entry_wrong"
    sentence = "{why}"


class EntryCodeTaken(DomainError):
    code = "list_entry_code_taken"
    sentence = "清单里已经有编码是“{entry}”的条目。"
    status = 409


class RegionNotKnown(DomainError):
    code = "list_region_unknown"
    sentence = "没有这个行政区划：{region}。"


class InheritedChanged(DomainError):
    """同一事项同标准: name, type, level and basis come from the base directory and are not changed locally."""

    code = "inherited_field_changed"
    sentence = "“{words}”由基本目录（{base_code}）统一规定，本地不能改：本地写的是“{local}”，基本目录是“{inherited}”。"


class NoEntryInList(DomainError):
    """清单之外无权力."""

    code = "item_not_in_list"
    sentence = "不能发布：{why}清单之外没有权力，要先把它列入清单并发布。"
    status = 409


class NotLawful(DomainError):
    code = "item_not_lawful"
    sentence = "“{item}”现在不能申请：依据还没有列入清单，或者依据的条文已经失效。请打咨询电话问清楚。"
    status = 409


class TypesUnconfirmed(DomainError):
    """CAT-11: 核准, 审核, 登记 become a type only when a person says so."""

    code = "list_types_unconfirmed"
    sentence = "有{count}条的事项类型还没有确认，确认以后才能送审。"
    status = 409


class DutyUnknown(DomainError):
    code = "duty_unknown"
    sentence = "没有找到这一条责任事项，或者您无权查看。"
    status = 404


class DutyEnded(DomainError):
    code = "duty_ended"
    sentence = "这一条责任事项已经终止，不能再登记。"
    status = 409


class DutyTextMissing(DomainError):
    code = "duty_text_missing"
    sentence = "请用一两句话写清楚。"


class DutyTooLate(DomainError):
    code = "duty_too_late"
    sentence = "第一次到期的日子不能早于今天。"


class DutyWithoutBasis(DomainError):
    """法定职责 rests on an article in force; one nobody knows can't be looked up by who has to do it."""

    code = "duty_without_basis"
    sentence = "法规库里没有这一条，或者它现在不生效。法定职责要有生效的依据。"


class DutyEntryUnknown(DomainError):
    code = "duty_entry_unknown"
    sentence = "现行权责清单里没有这个编码的条目。"
