from mingqu.kernel.errors import DomainError


class ItemUnknown(DomainError):
    code = "item_unknown"
    sentence = "没有找到这个事项，它可能已经停办或改名。"
    status = 404


class HandlingUnknown(DomainError):
    code = "handling_unknown"
    sentence = "这个事项没有您选的业务办理项，请重新选择。"
    status = 404


class DefinitionInvalid(DomainError):
    """A definition can't be published; `problems` says why, one sentence each."""

    code = "definition_invalid"
    sentence = "事项定义有{count}处不符合要求：{first}"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=problems[0])


class AnswerUnknown(DomainError):
    code = "answer_unknown"
    sentence = "“{question}”没有您选的这个答案，请重新选择。"


class DefinitionUnreadable(DomainError):
    """A file that holds no document; line 0 where it can't be told."""

    code = "definition_unreadable"
    sentence = "定义文件读不懂（第{line}行）：{reason}"


class NotApplicable(DomainError):
    """Shown, but nothing can be applied for: 查询/指引, 依职权, or the guide is not complete yet."""

    code = "item_not_applicable"
    sentence = "这个事项不在网上申请，请看它的办事指南。"
    status = 409
