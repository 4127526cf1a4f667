"""What is refused here, in words."""

from mingqu.kernel.errors import DomainError, to_citizens


class NoticeUnknown(DomainError):
    code = "fee_notice_unknown"
    sentence = to_citizens("没有找到这张缴款通知，或者您无权查看。")
    status = 404


class NotOwed(DomainError):
    """Paid, exempted or cancelled meanwhile."""

    code = "fee_not_owed"
    sentence = to_citizens("这笔费用现在不用缴：{state}。")
    status = 409


class ProviderUnknown(DomainError):
    code = "payment_provider_unknown"
    sentence = to_citizens("没有这家收款机构。")
    status = 404


class ProviderUnavailable(DomainError):
    """Nobody is named to take payments, or it does not answer; the fee stays due."""

    code = "payment_provider_unavailable"
    sentence = to_citizens("网上缴费暂时不能用。请稍后再试，或者到窗口缴。")
    status = 503


class SignatureWrong(DomainError):
    """A telling that is not from the provider, or was changed on the way."""

    code = "payment_signature_wrong"
    sentence = "签名不对，没有处理。"
    status = 403


class CallbackStale(DomainError):
    """Signed long ago: perhaps recorded and sent again by somebody else."""

    code = "payment_callback_stale"
    sentence = "通知的时间和现在差得太多，没有处理。"
    status = 403


class CallbackUnreadable(DomainError):
    code = "payment_callback_unreadable"
    sentence = "通知的内容读不出来。"
    status = 400


class ReferenceUnknown(DomainError):
    code = "payment_reference_unknown"
    sentence = "没有这个流水号的收款。"
    status = 404


class AmountDiffers(DomainError):
    """What the provider says was paid is not what was asked; nothing is taken as paid."""

    code = "payment_amount_differs"
    sentence = "金额和缴款通知不一致，没有记为已缴，由财务人员核对。"
    status = 409


class AmountWrong(DomainError):
    code = "amount_wrong"
    sentence = "收的金额应当正好是{amount}元。"


class ProofMissing(DomainError):
    code = "payment_proof_missing"
    sentence = "请填写收据号或者刷卡的参考号。"


class ProofUsed(DomainError):
    """One slip is one payment."""

    code = "payment_proof_used"
    sentence = "这个收据号或者参考号已经用过，请核对。"
    status = 409


class ExemptionBasisMissing(DomainError):
    code = "exemption_basis_missing"
    sentence = "请写明免缴依据哪个文件、哪一条。"


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    sentence = "没有可以退的款。"
    status = 409


class RefundNotWaiting(DomainError):
    code = "refund_not_waiting"
    sentence = "这笔退费不在等待复核或者退款，可能已经由别人办了。"
    status = 409


class RefundReasonMissing(DomainError):
    code = "refund_reason_missing"
    sentence = "请写明为什么要退。"


class StatementUnreadable(DomainError):
    code = "statement_unreadable"
    sentence = "对账单第{line}行读不出来：{what}。"


class DayReconciled(DomainError):
    """The same file of a day again, or another one while differences of the first are settled."""

    code = "day_reconciled"
    sentence = "{day}的对账单已经导入，有人处理过差异，不能再换。"
    status = 409


class DayNotOver(DomainError):
    code = "reconciliation_day_not_over"
    sentence = "{day}还没有过完，过完才能对账。"


class DifferenceSettled(DomainError):
    code = "difference_settled"
    sentence = "这一条差异已经处理过了。"
    status = 409


class DifferenceReasonMissing(DomainError):
    code = "difference_reason_missing"
    sentence = "请写明差异的原因和怎样处理的。"


class AmountBeingChecked(DomainError):
    """Money of another amount came for it: paying again now may be paying twice."""

    code = "payment_amount_being_checked"
    sentence = to_citizens(
        "收到的金额和应缴的不一致，收费单位正在核对，请先不要再付。核对完会变回待缴费或者已缴费。"
    )
    status = 409


class AmountAgrees(DomainError):
    code = "payment_amount_agrees"
    sentence = "这一笔没有金额不符要核对，可能已经由别人核对了。"
    status = 409


class CheckReasonMissing(DomainError):
    code = "payment_check_reason_missing"
    sentence = "请写明和收款机构核对的结果：多收少收的钱怎样处理了。"


class PaidTogether(DomainError):
    """It is in an order for several fees that is open at the provider: paying it alone too would be paying twice."""

    code = "payment_paid_together"
    sentence = to_citizens(
        "这笔费用正在和同一批的其他费用一起缴（{number}）。请在那一笔里缴，或者等{minutes}分钟后再单独缴。"
    )
    status = 409


class NotTogether(DomainError):
    """Fees of two payers, or owed to two organs, are two payments."""

    code = "payment_not_together"
    sentence = to_citizens("这些费用不是同一个人缴给同一个单位的，请一笔一笔缴。")
    status = 409


class TogetherUnknown(DomainError):
    """No such order, or not this person's: the answer is the same for both."""

    code = "payment_together_unknown"
    sentence = to_citizens("没有找到这笔合并缴款，或者您无权查看。")
    status = 404


class SettlingIncomplete(DomainError):
    """Notices of an order could not be written; those that could are. The log names them, the sweep tries again."""

    code = "payment_settling_incomplete"
    sentence = "合并缴款{order}有费用没有记上（{failed}），系统会再试。请运维人员查看日志。"
    status = 500
