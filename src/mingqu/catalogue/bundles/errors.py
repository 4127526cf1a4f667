from mingqu.kernel.errors import DomainError


class BundleDefinitionUnknown(DomainError):
    code = "bundle_definition_unknown"
    sentence = "没有找到这个“一件事”，它可能已经停办或改名。"
    status = 404


class BundleInvalid(DomainError):
    """A bundle can't be published; `problems` says why, one sentence each."""

    code = "bundle_definition_invalid"
    sentence = "一件事定义有{count}处不符合要求：{first}"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=problems[0])


class BundleOutOfStep(DomainError):
    """A service of the bundle was published anew and no longer fits it; the bundle must be published anew too."""

    code = "bundle_out_of_step"
    sentence = "“{name}”里的事项刚刚调整，暂时不能一起申请。可以先分别申请各个事项，或者拨打咨询电话。"
    status = 409
