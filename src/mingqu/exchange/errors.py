"""What is refused here, in words."""

from mingqu.kernel.errors import DomainError, to_citizens


class HandoverUnknown(DomainError):
    code = "handover_unknown"
    sentence = "没有找到这一件，或者您无权查看。"
    status = 404


class ConnectorUnknown(DomainError):
    code = "connector_unknown"
    sentence = "没有接入这个系统。"
    status = 404


class SystemUnavailable(DomainError):
    """The other side can't be asked now; nothing is lost, it is tried again."""

    code = "outside_system_unavailable"
    sentence = "对方系统现在连不上，稍后会自动再试。"
    status = 503


class SignatureWrong(DomainError):
    code = "exchange_signature_wrong"
    sentence = "签名不对，没有处理。"
    status = 403


class CallbackStale(DomainError):
    code = "exchange_callback_stale"
    sentence = "通知的时间和现在差得太多，没有处理。"
    status = 403


class CallbackUnreadable(DomainError):
    code = "exchange_callback_unreadable"
    sentence = "通知的内容读不出来。"
    status = 400


class ReferenceUnknown(DomainError):
    code = "exchange_reference_unknown"
    sentence = "我方没有转出过这个流水号的事项。"
    status = 404


class HandoverEnded(DomainError):
    """Decided outside, recorded by hand or called off: nothing more is carried over."""

    code = "handover_ended"
    sentence = "这一件在外部系统已经办完或者不再办理，不能再改。"
    status = 409


class NotByHand(DomainError):
    """What goes by a connector takes its number and states from there, not from what somebody types."""

    code = "handover_not_by_hand"
    sentence = "这一件由系统对接传送，不用手工登记；对接不通时可以先改为人工转办。"
    status = 409


class NumbersDiffer(DomainError):
    code = "outside_numbers_differ"
    sentence = "两次填写的编号不一样，请对照外部系统再核对。"


class NumberTaken(DomainError):
    """One number of the other side is one matter."""

    code = "outside_number_taken"
    sentence = "这个编号已经登记在另一件（{number}）上，请核对。"
    status = 409


class NumberMissing(DomainError):
    code = "outside_number_missing"
    sentence = "还没有登记外部系统的编号，先登记编号，再登记状态。"
    status = 409


class StateUnknown(DomainError):
    code = "outside_state_unknown"
    sentence = "不认识的办理状态“{state}”。"


class ResultIncomplete(DomainError):
    code = "outside_result_incomplete"
    sentence = "请填写{what}。"


class NotAskedToCorrect(DomainError):
    code = "outside_correction_not_asked"
    sentence = "外部系统没有要求补正，或者已经送过了。"
    status = 409


class AnswerEmpty(DomainError):
    code = "outside_answer_empty"
    sentence = to_citizens("请写明补正了什么，或者上传补正的材料。")


class AnswerFilesTooMany(DomainError):
    code = "outside_answer_files_too_many"
    sentence = to_citizens("补正的文件最多{most}个，合起来不超过{megabytes}MB。")


class StatesFileUnknown(DomainError):
    code = "states_file_unknown"
    sentence = "没有找到这份状态文件，或者不在您的范围内。"
    status = 404


class NothingToSendAgain(DomainError):
    code = "nothing_to_send_again"
    sentence = "这一件不在等待转出，不用再送。"
    status = 409


class NothingToResolve(DomainError):
    code = "nothing_to_resolve"
    sentence = "这一件没有要处理的问题，可能已经由别人处理了。"
    status = 409


class ReasonMissing(DomainError):
    code = "exchange_reason_missing"
    sentence = "请写明原因和怎样处理的。"


class FileUnreadable(DomainError):
    code = "exchange_file_unreadable"
    sentence = "文件读不出来：{what}。"


class DayNotOver(DomainError):
    code = "exchange_day_not_over"
    sentence = "{day}还没有过完，过完才能对账。"


class DayReconciled(DomainError):
    code = "exchange_day_reconciled"
    sentence = "{day}已经对过账，有人处理过差异，不能再换清单。"
    status = 409


class DifferenceSettled(DomainError):
    code = "exchange_difference_settled"
    sentence = "这一条差异已经处理过了。"
    status = 409


class ConnectorsFileWrong(RuntimeError):
    """The file of connectors can't be used: the operator is told what is wrong, and nothing is handed over by it."""
