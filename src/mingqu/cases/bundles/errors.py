"""Refusals of a bundle. Each leaves the bundle and its cases as they were."""

from mingqu.kernel.errors import DomainError, to_citizens


class BundleRefusal(DomainError):
    status = 409


class BundleUnknown(DomainError):
    """No such bundle, or not this person's: the answer is the same."""

    code = "bundle_not_found"
    sentence = to_citizens("没有找到这件“一件事”。请核对编号。")
    status = 404


class ProjectUnknown(DomainError):
    code = "project_not_found"
    sentence = to_citizens("没有找到这个项目。请核对项目编号。")
    status = 404


class PartUnknown(DomainError):
    code = "bundle_part_unknown"
    sentence = to_citizens("这件“一件事”里没有您选的事项。")
    status = 404


class NothingNeeded(DomainError):
    code = "bundle_nothing_needed"
    sentence = to_citizens("按您的回答，这件“一件事”里没有要办的事项。")


class NothingToAccept(BundleRefusal):
    code = "bundle_nothing_to_accept"
    sentence = "没有可以受理的事项，可能已由他人处理，请刷新后查看。"


class NotAllReady(BundleRefusal):
    """The bundle accepts all together; something is still missing."""

    code = "bundle_not_all_ready"
    sentence = "这件“一件事”须一并受理，“{name}”现在还不能受理。"


class PartNotReceived(BundleRefusal):
    code = "bundle_part_not_received"
    sentence = "“{name}”不在“待受理”状态，可能已由他人处理，请刷新后查看。"


class PartAskedTooLate(BundleRefusal):
    """行政许可法 32(4), for one part."""

    code = "bundle_correction_too_late"
    sentence = "收到“{name}”的材料已满五个工作日没有告知，自收到材料之日起即为受理{law}，不能再要求补正。"


class NoCorrectionAwaited(BundleRefusal):
    code = "bundle_no_correction_awaited"
    sentence = to_citizens("这件“一件事”现在没有要补正的材料。")


class AlreadyFinished(BundleRefusal):
    code = "bundle_already_finished"
    sentence = to_citizens("这件“一件事”的各个事项都已办结，不能再撤回。")


class NotOutside(BundleRefusal):
    code = "bundle_part_not_outside"
    sentence = "“{name}”不在外部系统办理中，可能已由他人登记了结果，请刷新后查看。"


class ResultIncomplete(DomainError):
    code = "bundle_result_incomplete"
    sentence = to_citizens("请填写{what}。")


class SubjectKnown(BundleRefusal):
    code = "bundle_subject_known"
    sentence = (
        "这件“一件事”的主体已经登记了统一社会信用代码，不能再改。确有错误的，请由两名工作人员核对后更正。"
    )


class JointLimitNotRunning(BundleRefusal):
    """Nothing is accepted yet, or everything has ended: there is no joint limit to lengthen."""

    code = "bundle_limit_not_running"
    sentence = "这件“一件事”没有正在计算的一并办理期限，不能延期，请刷新后查看。"


class JointLimitStandsStill(BundleRefusal):
    """行政许可法 45: a part is in a special procedure; there is no last day to lengthen."""

    code = "bundle_limit_stands_still"
    sentence = "有事项正在特别程序中，一并办理的期限停算{law}；特别程序结束以后再看要不要延期。"


class NothingToVisit(BundleRefusal):
    """One date for several is only for several."""

    code = "bundle_nothing_to_visit"
    sentence = "现在没有两个以上的部门要做现场核查，不用提议同一天；只有一个部门的，由它自己约定。"


class NoVisitProposed(BundleRefusal):
    code = "bundle_no_visit_proposed"
    sentence = "这个提议已经约定，或者改提了别的时间，请刷新后查看。"


class NotVisitingPost(BundleRefusal):
    """The post of the visit step speaks for its department."""

    code = "bundle_not_visiting_post"
    sentence = "“{name}”的现场核查由“{post}”答复。"
    status = 403


class VisitNotTaken(BundleRefusal):
    """The case could not make its visit on the agreed date any more; why is the code of its own refusal."""

    code = "bundle_visit_not_taken"
    sentence = "“{name}”没有约成同一天的现场核查。"


class NotDecidedYet(BundleRefusal):
    code = "bundle_not_decided"
    sentence = "还有事项没有结果，现在不能统一送达。"


class PapersNotReady(BundleRefusal):
    code = "bundle_papers_not_ready"
    sentence = "“{name}”的证照或者决定书还在制作，做好以后才能送达。"


class ProjectCodeTaken(BundleRefusal):
    code = "project_code_taken"
    sentence = "这个项目代码已经登记过，项目编号是{number}。"


class ProjectCodeWrong(DomainError):
    code = "project_code_wrong"
    sentence = "项目代码的写法不对，请照投资项目平台给出的代码填写。"


class ProjectNameMissing(DomainError):
    code = "project_name_missing"
    sentence = "请填写项目名称。"


class StageOfNoProject(DomainError):
    code = "stage_without_project"
    sentence = to_citizens("这是工程建设项目的一个阶段，请先登记项目，再从项目里发起。")
