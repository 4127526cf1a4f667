"""The buttons of a case: what each act is called, its page and key, what it says of itself; in the order they stand."""

from mingqu.workbench.types import ActLink

TAKE_BACK = ActLink(
    "收回提出的决定", "workbench:discretion", "F", "in", "您提出的还在等复核，改变主意的可以收回。"
)
ACTS: tuple[tuple[str, ActLink], ...] = (
    ("case.accept", ActLink("受理", "workbench:accept", "A", "first", "发受理通知书，办理时限开始计算。")),
    ("case.decide", ActLink("作出决定", "workbench:decide", "D", "first", "准予或者不予，先核对再确认。")),
    (
        "case.answer_discretion",
        ActLink("复核裁量", "workbench:discretion", "F", "first", "超出幅度的决定，同意或者退回。"),
    ),
    (
        "case.pass_discretion",
        ActLink(
            "转办裁量复核", "workbench:discretion_pass", "T", "in", "由另一个岗位复核裁量。", inside=True
        ),
    ),
    ("case.archive", ActLink("归档", "workbench:archive", "G", "first", "案卷封存，不再办理。")),
    (
        "case.deliver",
        ActLink("登记送达", "workbench:deliver", "S", "second", "用其他方式送到的，登记送达日期。"),
    ),
    (
        "case.settle",
        ActLink("当场办结", "workbench:settle", "O", "second", "即办件：受理和决定一次办完。"),
    ),
    (
        "case.note_arrival",
        ActLink("登记来件", "workbench:arrival", "Y", "second", "流程在等的来了，登记以后接着往下走。"),
    ),
    (
        "case.resume",
        ActLink("特别程序结束", "workbench:resume", "R", "first", "时限从今天接着计算，申请人会收到通知。"),
    ),
    (
        "case.expect_later",
        ActLink(
            "还要更久", "workbench:expect_later", "J", "out", "延后预计完成日，理由书面告知申请人。", True
        ),
    ),
    (
        "case.ask_correction",
        ActLink(
            "一次性告知补正", "workbench:correct", "B", "out", "申请人会收到告知书；要补的一次写全。", True
        ),
    ),
    (
        "case.refuse_acceptance",
        ActLink("不予受理", "workbench:refuse_acceptance", "X", "quiet", "申请人会收到文书。", True),
    ),
    (
        "case.pause",
        ActLink("进入特别程序", "workbench:pause", "P", "out", "暂停计时，书面告知申请人要多久。", True),
    ),
    (
        "case.extend",
        ActLink("延期", "workbench:extend", "E", "out", "延长法定期限，告知申请人理由；只能一次。", True),
    ),
    (
        "case.terminate",
        ActLink(
            "终止办理", "workbench:terminate", "Z", "quiet", "申请人会收到告知书，这件申请到此结束。", True
        ),
    ),
    (
        "case.return_inside",
        ActLink(
            "内部退回",
            "workbench:return_inside",
            "I",
            "in",
            "退到前面的环节重新办；申请人不知道，时限照走。",
            inside=True,
        ),
    ),
    (
        "case.pass_on",
        ActLink(
            "转办、委派", "workbench:pass_on", "W", "in", "交给另一个岗位办；委派的办完交回。", inside=True
        ),
    ),
    (
        "case.change_signers",
        ActLink(
            "加签、减签",
            "workbench:change_signers",
            "Q",
            "in",
            "请另一个岗位一起签署，或者减去。",
            inside=True,
        ),
    ),
    (
        "case.hold_step",
        ActLink(
            "挂起、恢复", "workbench:hold_step", "H", "in", "这个环节先停一停；办理时限照走。", inside=True
        ),
    ),
    (
        "case.recuse",
        ActLink(
            "申请回避",
            "workbench:recuse",
            "J",
            "in",
            "和自己、亲属有利害关系的，停止办理，由负责人决定。",
            inside=True,
        ),
    ),
    (
        "case.exclude",
        ActLink("决定回避", "workbench:exclude", "L", "in", "让一位工作人员不参与这件申请。", inside=True),
    ),
    (
        "case.reassign",
        ActLink(
            "指定岗位", "workbench:reassign", "M", "in", "岗位的人都回避时，交给别的岗位办。", inside=True
        ),
    ),
    (
        "case.consult",
        ActLink(
            "征求意见",
            "workbench:consult",
            "C",
            "in",
            "书面问别的部门，有答复期限；申请人不知道，时限照走。",
            inside=True,
        ),
    ),
    (
        "case.mend",
        ActLink("更正录入", "workbench:mend", "U", "in", "窗口打错的字；申请人会收到通知。", inside=True),
    ),
    (
        "case.ask_void",
        ActLink("作废", "workbench:ask_void", "V", "in", "收件当天收错的，经第二个人复核作废。", inside=True),
    ),
    (
        "case.take_back",
        ActLink(
            "撤回", "workbench:take_back", "K", "in", "撤回您刚办的环节，别人还没有接着办时。", inside=True
        ),
    ),
)
