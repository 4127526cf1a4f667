"""How the platform runs, for the system officer: no name, number or answer of anybody."""

from datetime import timedelta

from mingqu.documents import selectors as documents
from mingqu.exchange import selectors as exchange
from mingqu.kernel import ledger, operations, relay
from mingqu.kernel.models import Checkpoint, PeriodicRun
from mingqu.kernel.schedule import PERIODIC
from mingqu.kernel.types import Instant
from mingqu.notifications import selectors as notifications
from mingqu.payments import selectors as payments
from mingqu.upkeep import selectors as upkeep
from mingqu.workbench.operating_types import CheckpointView, DeadLetterView, Health, PeriodicView

LATE = timedelta(minutes=2)  # a periodic work may be this late before it is called late

# What each periodic work does, in words; one that is missing here shows its name alone.
_WORKS = {
    "across.recount": "核对通办统计",
    "cases.deem_accepted": "到期没有告知的，登记为受理",
    "cases.deem_renewed": "到期没有决定的延续申请，登记为准予延续",
    "cases.deliver_parts_in_time": "一件事里等着一起送的结果，到期先送达",
    "cases.watch_consultations": "提醒、登记到期没有答复的征求意见",
    "cases.serve_announced": "公告满三十日的文书，记为送达",
    "cases.watch_suspensions": "提醒承办人超过预计日的特别程序",
    "cases.watch_owed": "提醒、登记到期没有补交的容缺材料",
    "catalogue.change_sweep": "接着做中断了的批量修改",
    "catalogue.forget_asked": "删除过期的搜索用语记录",
    "catalogue.import_sweep": "接着做中断了的事项导入",
    "catalogue.keep_items": "核对事项在不在清单里、依据是否现行有效",
    "catalogue.look_again": "每天检查一遍指南",
    "catalogue.publish_due": "到公布日期的事项，公布实施",
    "catalogue.flag_duties": "检查责任事项有没有逾期",
    "catalogue.start_planned": "到发布日期的导入事项，开始发布",
    "catalogue.review_sweep": "接着做中断了的批量审核和发布",
    "cases.sweep_files": "到期清理：草稿的文件、批量申报的表格、做好的归档包",
    "cases.archive_sweep": "接着做中断了的归档包",
    "cases.many_sweep": "接着做中断了的批量申报",
    "certificates.import_sweep": "接着做中断了的存量证照导入",
    "certificates.remind_of_beginning": "提醒持证人按期开工",
    "certificates.remind_renewal": "提醒证照快到期的持证人",
    "clocks.check_stored_due": "核对存下的到期日",
    "documents.sweep_bytes": "到期清理：没有任何记录提到的文件内容",
    "documents.sweep": "接着做中断了的文书",
    "exchange.reconcile_days": "每天和外部系统对账",
    "exchange.sweep": "再送没有转出去的，查问没有回音的",
    "exchange.watch_silence": "登记很久没有消息的外部系统办理",
    "forms.delete_expired_drafts": "删除到期的草稿",
    "hall.end_days": "大厅过去的日子结束排队，登记没有来的预约",
    "hall.remind_of_results": "提醒申请人来领放在窗口的结果",
    "hall.sweep_parcels": "再下没有下成的寄递单，查问没有回音的快递",
    "hall.open_slots": "放出后面几天的预约时段",
    "federation.report": "把变了的数据报给上级平台，读回执",
    "insight.recount_sweep": "接着做中断了的统计报告重新计算",
    "insight.make_reports": "生成统计日报、周报、月报",
    "insight.check": "抽查统计数和办件是否一致",
    "identity.carry_out_changes": "到日子的部门变更生效",
    "identity.close_accounts": "期满的账号注销",
    "identity.copies_sweep": "删除过期的本人数据，接着准备中断了的",
    "identity.finish_recoveries": "网上换号期满的，换成新号码",
    "identity.sweep": "清理过期的登录和尝试次数",
    "kernel.partitions": "准备下个月的存储分区",
    "kernel.seal": "封存办理存证",
    "kernel.seal_forgotten": "补封漏掉的存证",
    "notifications.delete_old_double_messages": "删除旧的演示短信",
    "notifications.send_due": "发出到时候的短信和电子邮件",
    "payments.note_overdue": "告诉过了缴费日期还没有缴的当事人和机关",
    "payments.sweep": "查问没有回音的缴费，再送没有送出的退款",
    "process.follow_clocks": "随时限走的流程定时重新看一遍",
    "redesign.map": "按现行事项重画前置关系图",
    "redesign.measure": "每天重数一遍修订过的事项减了多少",
    "redesign.sweep": "接着算中断了的流程模拟，接着办中断了的流程迁移",
    "process.compare_sample": "抽查办件的流程与记录是否一致",
    "process.fire_timers": "流程里到了时间的，接着往下走",
    "upkeep.backup": "每天备份一次",
    "upkeep.remove_old_logs": "删除保存期满的日志",
    "workbench.morning_digest": "早上告诉工作人员有多少件等着办",
    "assist.flag_overdue": "登记到期没有答复的办不成事反映，告诉上级",
    "regulation.watch": "证照失效的结束监管，检查过期的提醒一次",
    "voice.flag_overdue": "登记到期没有答复的投诉、咨询和建议，告诉本人",
}


def health(at: Instant) -> Health:
    last = Checkpoint.objects.order_by("-number").first()
    return Health(
        lag_seconds=relay.lag_seconds(at),
        dead_letters=[
            DeadLetterView(
                root_id=letter.root_id,
                subscriber=letter.subscriber,
                event_name=letter.event_name,
                error=letter.error,
                attempts=letter.attempts,
                first_at=letter.first_at,
                last_at=letter.last_at,
            )
            for letter in operations.dead_letters()
        ],
        documents=documents.failed_documents(),
        periodic=_periodic(at),
        channels=notifications.channel_states(at),
        connections=exchange.connection_states(at),
        sms=notifications.sms_today(at),
        unsealed=ledger.unsealed_count(),
        checkpoint=checkpoint_view(last) if last else None,
        keeping=upkeep.keeping(at),
        payments_differ=payments.differing_everywhere(),
    )


def checkpoint_view(checkpoint: Checkpoint) -> CheckpointView:
    return CheckpointView(checkpoint.number, checkpoint.at, checkpoint.size, bytes(checkpoint.root).hex())


def _periodic(at: Instant) -> list[PeriodicView]:
    runs = {run.name: run for run in PeriodicRun.objects.all()}
    found = []
    for name, work in sorted(PERIODIC.items()):
        run = runs.get(name)
        late = run is None or at - run.last_at > 2 * work.every + LATE
        found.append(
            PeriodicView(
                name=name,
                label=_WORKS.get(name, ""),
                every=_every(work.every),
                last_at=run.last_at if run else None,
                error=run.error if run else "",
                late=late,
            )
        )
    return found


def _every(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds % 86400 == 0:
        return f"{seconds // 86400}天"
    if seconds % 3600 == 0:
        return f"{seconds // 3600}小时"
    if seconds % 60 == 0:
        return f"{seconds // 60}分钟"
    return f"{seconds}秒"
