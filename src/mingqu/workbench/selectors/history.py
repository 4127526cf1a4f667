"""The audit ledger of a case in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from mingqu.cases.types import NON_ACCEPTANCE_GROUNDS, REVEAL_PURPOSES
from mingqu.clocks.types import GROUNDS
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.models import AuditEntry
from mingqu.ui.text import zh_day
from mingqu.workbench.types import HistoryLine

# What is said shorter here than in roles.yaml, and commands that no post is given.
OWN_WORDS = {
    "case.file": "提交申请",
    "case.review": "提出审查意见",
    "case.move_visit": "现场核查改期",
    "case.add_visit_photo": "上传现场照片",
    "case.remove_visit_photo": "撤下现场照片",
    "case.save_visit": "保存核查表",
    "case.deem_accepted": "视为受理（到期没有告知）",
    "case.tell_about_owed": "容缺材料到期提醒",
    "case.ask_archive": "要求做或者核对归档包",
    "case.make_archive": "做归档包",
    "case.check_archive": "核对归档包",
    "case.take_archive": "下载归档包",
    "case.hand_over_archive": "登记归档包移交",
    "shift.decline": "没有接班，写明差什么",
    "shift.call_back": "撤回换班交接单",
    "case.recuse": "申请回避",
    "case.exclude": "决定工作人员回避",
    "case.decide_recusal": "决定是否回避",
    "case.reassign": "岗位的人都回避，另外指定岗位",
    "case.claim": "认领环节",
    "case.release": "放回认领的环节",
    "case.note_arrival": "登记来件",
    "case.hear_signal": "收到一件事里其他事项的信号",
    "case.consult": "征求其他部门的意见",
    "case.answer_consultation": "答复征求的意见",
    "case.end_consultation": "撤回征求意见",
    "case.watch_consultation": "征求意见到期提醒",
    "case.tell_it_lasts": "提醒特别程序超过了预计日",
    "case.look_at_suspension": "查看特别程序的预计日，不用提醒",
    "case.plan_after_checks": "安排告知承诺事后核查",
    "case.rewrite_due": "按新的放假安排重算期限",
    "case.wait_for_payment": "等待缴费，所需时间不计入期限",
    "case.payment_came": "费用已缴清，期限继续计算",
    "case.look_at_fees": "查看费用，期限不变",
    "payment.issue": "开出缴款通知",
    "payment.cancel": "取消缴款通知",
    "payment.hear": "收款机构的通知",
    "payment.hear_unknown": "收款机构的通知：没有这个流水号的收款",
    "payment.look": "向收款机构查询",
    "payment.pay_together": "几笔费用一次缴：到收款机构",
    "payment.hear_together": "收款机构的通知（合并缴款）",
    "payment.look_together": "向收款机构查询（合并缴款）",
    "payment.close_together": "登记金额不符的核对结果（合并缴款）",
    "case.renew_query_code": "换新的查询码",
    "payment.refunded": "退费办理结果",
    "payment.return": "登记已当面退还",
    "payment.decline_exemption": "没有免缴：提出人撤回或者批准的人不同意",
    "payment.decline_refund": "没有退费：提出人撤回或者复核的人不同意",
    "payment.settle_difference": "处理对账差异",
    "payment.export": "导出缴款通知的清单",
    "case.note_certificate": "证照已制作",
    "draft.claim": "登录并认领草稿",
    "documents.finish": "文书生成并盖章",
    "documents.fail": "文书生成失败",
    "documents.provide_seal": "制作电子印章",
    "documents.replace_seal": "更换电子印章",
    "documents.retire_seal": "停用电子印章",
    "case.deem_renewed": "视为准予延续（到期没有决定）",
    "bundle.follow": "跟进一件事的办理",
    "bundle.order_refused": "下一个事项没有转出",
    "bundle.paper_ready": "一件事的文书已制作",
    "bundle.rewrite_due": "按新的放假安排重算一件事的期限",
    "project.open_stage": "开始一个阶段",
    "project.note_stage": "登记阶段的进展",
    "certificate.attach_file": "证照文件已制作",
    "certificate.retry_file": "重新制作证照文件",
    "certificate.report_delay": "报告证照制作延迟",
    "certificate.bind_holder": "证照归到持证人名下",
    "certificate.cancel": "注销证照",
    "certificate.propose_revocation": "提出撤销证照，等待决定",
    "certificate.decline_revocation": "没有撤销证照：提出人撤回或者决定的人不同意",
    "certificate.decline_strike_off": "没有注销证照：提出人撤回或者决定的人不同意",
    "certificate.import_upload": "上传存量证照表格",
    "certificate.import_rows": "导入一批存量证照",
    "certificate.import_confirm": "确认导入存量证照",
    "certificate.import_undo_ask": "提出整批撤销存量证照，等待复核",
    "certificate.import_undo_decline": "没有撤销：提出人撤回或者复核不同意",
    "certificate.import_undo": "复核同意，撤销导入的存量证照",
    "documents.agree_seal": "复核同意，制作电子印章",
    "duty.end": "终止责任事项",
    "point.end_delegation": "停止委托一个事项给便民服务点",
    "errand.send_code": "代办：同意码发到本人手机",
    "errand.agree": "代办：本人念同意码同意",
    "errand.paper": "代办：上传签名的委托书",
    "errand.begin_form": "代办：开始填写申请",
    "errand.note_filed": "代办：申请已提交",
    "errand.collect": "代办：收下本人的材料，本人签名",
    "errand.tally": "导出帮办代办的月度统计",
    "errand.bring": "代办：结果送到本人",
    "home_visit.close": "登记上门服务的结果",
    "assist.export": "导出办不成事反映的清单",
    "assist.flag_overdue": "办不成事的反映到期没有答复，已经告诉上级",
    "case.many_upload": "上传批量申报的表格",
    "case.many_press": "一次提交批量申报",
    "case.many_leave": "批量申报没有提交，行已删除",
    "voice.pass_on": "把投诉、咨询或者建议转给别的机关",
    "voice.export": "导出投诉、咨询和建议的清单",
    "voice.flag_overdue": "投诉、咨询或者建议到期没有答复，已经提醒",
    "regulation.follow": "列入事后监管，或者换成新版证照",
    "regulation.take_up": "把已有的证照列入事后监管",
    "regulation.pass_on": "部门撤销，由承接的部门接着监管",
    "regulation.end": "证照失效，监管结束",
    "regulation.inspect": "登记监督检查的情况和处理结果",
    "regulation.put_off": "改下次检查的日期",
    "regulation.flag_overdue": "检查过了期限，已经提醒",
    "regulation.export": "导出监管对象清单",
    "duty.flag": "责任事项逾期，已经提醒",
    "documents.ask_seal": "提出制作、更换或者停用电子印章，等待复核",
    "documents.decline_seal": "没有制作或者停用印章：提出人撤回或者复核不同意",
    "certificate.import_drop": "不导入这一批存量证照",
    "certificate.import_download": "下载存量证照检查结果",
    "identity.sign_in": "登录",
    "identity.sign_out": "退出",
    "identity.refuse_sign_in": "登录被拒绝",
    "identity.open_account": "开通账号",
    "identity.bind_account": "账号关联到本人",
    "identity.change_password": "修改密码",
    "identity.add_second_factor": "增加第二验证方式",
    "identity.renew_recovery_codes": "更换恢复码",
    "identity.note_contact": "登记联系手机",
    "identity.drop_department_change": "作废部门改名、改隶、撤销",
    "identity.drop_organisation": "作废机构和人员的表",
    "identity.name_review_organ": "登记部门的行政复议机关",
    "identity.receive_person": "窗口登记申请人",
    "identity.look_up_person": "窗口按证件号码找人",
}
RETURN = "case.return_inside"
# Who rated is not told to officers (standards 9); each line of a checklist kept on the spot would drown the rest.
UNTOLD = ("evaluation.rate", "evaluation.rate_by_code", "evaluation.rate_at_window", "case.save_visit")
_DAYS = {
    "accepted_on": "受理日期",
    "due_on": "到期日",
    "expected_until": "预计完成",
    "statutory_on": "法定期限最晚",
}
_PLAIN = {"document_number": "文号", "number": "办件编号", "certificate": "证照编号"}
_WORDS: dict[tuple[str, str | bool], str] = {
    ("finding", "met"): "符合",
    ("finding", "not_met"): "不符合",
    ("outcome", "granted"): "准予",
    ("outcome", "refused"): "不予",
    ("deemed", True): "到期没有告知，依法视为受理",
}
_WORDS |= {("why", code): words for code, words in REVEAL_PURPOSES.items()}
_WORDS |= {("ground", code): f"特别程序：{ground.text}" for code, ground in GROUNDS.items()}
_WORDS |= {("ground", code): ground.words for code, ground in NON_ACCEPTANCE_GROUNDS.items()}


def action_words(action: str) -> str:
    """The Chinese name of an action; one that nobody named yet is shown as it is."""
    return OWN_WORDS.get(action) or access.action_words(action) or action


def note_words(notes: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Readable notes of an entry; `names`: of codes (materials, steps, kinds of papers)."""
    lines: list[str] = []
    for key, value in notes.items():
        if key in _DAYS and value:
            lines.append(f"{_DAYS[key]}{zh_day(date.fromisoformat(str(value)))}")
        elif key in _PLAIN and value:
            # Papers have numbers too; only a case number is all digits.
            word = "文号" if key == "number" and not str(value).isdigit() else _PLAIN[key]
            lines.append(f"{word}{value}")
        elif key == "materials":
            lines.append("、".join(names.get(code, str(code)) for code in value))
        elif key in {"step", "document"} and value:
            lines.append(names.get(str(value), str(value)))
        elif key == "to" and value in names:
            lines.append(f"退回到“{names[str(value)]}”")
        elif isinstance(value, str | bool) and (key, value) in _WORDS:
            lines.append(_WORDS[key, value])
    return lines


def who_words(entries: list[AuditEntry], applicant: str) -> dict[tuple[UUID, int], str]:
    """
    (root, number) of an entry → who did it, in words: officers by name and by the post as it was called on that day,
    applicants masked.
    """
    staff = {e.actor_id for e in entries if e.actor_kind == "staff"}
    people = identity.names_of(staff) if staff else {}
    post_ids = {e.post_id for e in entries if e.post_id}
    posts = identity.post_names_by_day(post_ids) if post_ids else {}
    said = {}
    agents = {e.actor_id for e in entries if e.actor_kind == "citizen" and "acting_for" in e.notes}
    of_agents = identity.names_of(agents) if agents else {}
    for entry in entries:
        key = (entry.root_id, entry.seq)
        if entry.actor_id in of_agents and entry.actor_kind == "citizen":
            said[key] = f"{mask_name(of_agents[entry.actor_id])}（受托代办，申请人{applicant}）"
        elif entry.actor_kind == "system":
            said[key] = "系统"
        elif entry.actor_kind == "citizen":
            said[key] = applicant
        else:
            post = posts.get(entry.post_id) if entry.post_id else None
            name = people.get(entry.actor_id, "")
            said[key] = f"{name}（{post.on(legal_day(entry.at))}）" if post else name
    return said


def history(
    root_id: UUID, *, applicant: str, names: Mapping[str, str], returns: Sequence[str] = ()
) -> list[HistoryLine]:
    """
    Every entry of a case, the latest first. Who rated, and when, is not told to officers (standards 9).

    `returns`: why steps were returned, in the order of time: the ledger keeps that as a digest only. The reasons of the
    others stand in the papers whose 文号 the entries name.
    """
    entries = list(AuditEntry.objects.filter(root_id=root_id).exclude(action__in=UNTOLD).order_by("-seq"))
    who = who_words(entries, applicant)
    # The latest first, so that of several deeds of one kind the last reason belongs to the first line.
    why = list(returns)
    lines = []
    for entry in entries:
        notes = note_words(entry.notes, names)
        if entry.action == RETURN and why:
            notes.append(f"理由：{why.pop()}")
        actor = who[entry.root_id, entry.seq]
        lines.append(HistoryLine(entry.at, action_words(entry.action), actor, notes, entry.action))
    return lines
