from mingqu.kernel.errors import DomainError, to_citizens


class ItemUnknown(DomainError):
    code = "item_unknown"
    sentence = to_citizens("没有找到这个事项，它可能已经停办或改名。")
    status = 404


class HandlingUnknown(DomainError):
    code = "handling_unknown"
    sentence = to_citizens("这个事项没有您选的业务办理项，请重新选择。")
    status = 404


class DefinitionInvalid(DomainError):
    """A definition can't be published; `problems` says why, one sentence each."""

    code = "definition_invalid"
    sentence = "事项定义有{count}处不符合要求：{first}"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=problems[0])


class MaterialOfNoDraft(DomainError):
    code = "material_of_no_draft"
    sentence = "草稿里没有这份材料，请刷新后再试。"
    status = 404


class AnswerUnknown(DomainError):
    code = "answer_unknown"
    sentence = to_citizens("“{question}”没有您选的这个答案，请重新选择。")


class DefinitionUnreadable(DomainError):
    """A file that holds no document; line 0 where it can't be told."""

    code = "definition_unreadable"
    sentence = "定义文件读不懂（第{line}行）：{reason}"


class NotApplicable(DomainError):
    """Shown, but nothing can be applied for: 查询/指引, 依职权, or the guide is not complete yet."""

    code = "item_not_applicable"
    sentence = to_citizens("这个事项不在网上申请，请看它的办事指南。")
    status = 409


class ItemWithdrawn(ItemUnknown):
    """停办: not offered any more; the reason is public. Cases that run go on."""

    code = "item_withdrawn"
    sentence = to_citizens("这个事项已经停办：{reason}")
    status = 410


class DraftNeeded(DomainError):
    """Staff publish only what a second person approved."""

    code = "draft_needed"
    sentence = "发布前要经过送审和审核，不能直接发布。"
    status = 409


class DraftUnknown(DomainError):
    code = "definition_draft_unknown"
    sentence = "没有找到这份草稿，或者您无权查看。"
    status = 404


class DraftNotReady(DomainError):
    """There is nothing whole to be shown yet."""

    code = "definition_draft_not_ready"
    sentence = "还不能预览：{why}。先把它填好，再来看。"
    status = 409


class DraftExists(DomainError):
    """One open draft per item, so that nobody's work is lost under another's."""

    code = "definition_draft_exists"
    sentence = "事项{item}已经有一份没有发布的草稿，请在那一份上修改。"
    status = 409


class DraftChanged(DomainError):
    code = "definition_draft_changed"
    sentence = "您打开以后，这份草稿又有了改动。请刷新后再办。"
    status = 409


class DraftState(DomainError):
    """The deed does not fit the state."""

    code = "definition_draft_state"
    sentence = "草稿现在是“{state}”，不能{deed}。"
    status = 409


class DraftUnchanged(DomainError):
    """Nothing would change for anybody, and a second person would review nothing."""

    code = "definition_draft_unchanged"
    sentence = "草稿和现行的第{number}版一样，没有改动，不用送审。请先修改，或者删除这份草稿。"
    status = 409


class DraftOtherItem(DomainError):
    code = "definition_draft_other_item"
    sentence = "这份草稿是事项{item}的，文件里写的是{other}。换一个事项要另建草稿。"


class ItemOfAnother(DomainError):
    code = "item_of_another"
    sentence = "事项编码“{item}”已经是别的部门或者区划的事项，不能用它。请核对编码。"
    status = 403


class OrganOfTraining(DomainError):
    """An organ entered for training is not the organ, whatever its name and credit code."""

    code = "organ_of_training"
    sentence = "实施机关“{organ}”和事项“{item}”必须都在培训区域，或者都不在。请改用本区划的部门。"
    status = 409


class DraftWithoutItem(DomainError):
    """Not even who it belongs to can be read from it."""

    code = "definition_draft_without_item"
    sentence = "文件里要写明事项编码（item.code）、名称（item.name）和实施机关（item.organ），才能存为草稿。"


class DraftOrganUnknown(DomainError):
    code = "definition_draft_organ_unknown"
    sentence = "实施机关“{organ}”不在部门里，请核对部门代码。"


class NotHandedInByYou(DomainError):
    """收回: only who handed it in takes it back; the reviewer returns it."""

    code = "draft_not_handed_in_by_you"
    sentence = "只有送审的人可以收回。审核的人可以退回。"
    status = 409


class SameReviewer(DomainError):
    """Reviewed by a second person: neither who wrote it nor who handed it in."""

    code = "definition_same_person"
    sentence = "这份草稿是您编写或者送审的，要由另一个人审核。"
    status = 409


class ReasonNeeded(DomainError):
    code = "definition_reason_needed"
    sentence = "请写明理由。"


class BaseChanged(DomainError):
    """What the reviewer compared it with is not in force any more."""

    code = "definition_base_changed"
    sentence = "审核以后这个事项又发布了第{number}版。请退回草稿，对照新的一版再审。"
    status = 409


class DayPast(DomainError):
    code = "definition_day_past"
    sentence = "发布日期要在今天以后，最晚一年以内；今天发布请选“今天发布”。"


class AlreadyWithdrawn(DomainError):
    code = "item_already_withdrawn"
    sentence = "这个事项已经停办。"
    status = 409


class NoFurtherStep(DomainError):
    """Nothing was saved before it, or nothing was undone."""

    code = "definition_no_further_step"
    sentence = "没有可以撤销或者恢复的改动了。"
    status = 409


class PartChanged(DomainError):
    """Somebody else saved the same part of the draft meanwhile; other parts do not stand in each other's way."""

    code = "definition_part_changed"
    sentence = "您打开以后，{who}改了这一部分。您填的还在下面：再点一次“保存”，就用您填的；不要了就刷新页面。"
    status = 409


class CommentEmpty(DomainError):
    code = "definition_comment_empty"
    sentence = "请写意见。"


class CommentUnknown(DomainError):
    code = "definition_comment_unknown"
    sentence = "草稿里没有这一处，或者这条意见已经不在了，请刷新后再试。"
    status = 404
