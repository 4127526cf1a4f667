"""Acts while a case is under review: 进入特别程序, 特别程序结束, 内部退回."""

from typing import TYPE_CHECKING, Any

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.clocks.types import GROUNDS
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench import selectors
from mingqu.workbench.expecting_forms import LaterForm
from mingqu.workbench.forms import PauseForm, ResumeForm, ReturnForm
from mingqu.workbench.views.acts.shared import Act, page_of, plain, run

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def _pause_form(case: "Case", data: Any, by: Actor, at: Instant) -> PauseForm:
    codes = cases.definition_of(case).clocks.statutory.pauses
    grounds = [(code, GROUNDS[code].text) for code in codes if code in GROUNDS]
    form = PauseForm(data, grounds=grounds, today=legal_day(at))
    if not cases.is_licence(case):
        form.fields["expected_until"].help_text = "要把所需时间书面告知申请人。"
    return form


def _later_form(case: "Case", data: Any, by: Actor, at: Instant) -> LaterForm:
    return LaterForm(data, today=legal_day(at), before=case.suspended_until)


def _return_form(case: "Case", data: Any, by: Actor, at: Instant) -> ReturnForm:
    return ReturnForm(data, may=selectors.returnable(by, case))


pause = page_of(
    Act(
        action="case.pause",
        title="进入特别程序",
        sure="进入特别程序，暂停计时？",
        button="确认，书面告知申请人",
        done="已进入特别程序，时限暂停，告知书正在生成并发给申请人。",
        tab="special",
        form=_pause_form,
        follows=lambda case, form, at: selectors.pause_follows(
            case, **form.given("ground", "expected_until", "reason"), at=at
        ),
        run=run(services.pause_case, "ground", "expected_until", "reason"),
        kind="out",
        to_case=True,
    )
)
expect_later = page_of(
    Act(
        action="case.expect_later",
        title="特别程序还要更久",
        sure="延后预计完成日？",
        button="确认，书面告知申请人",
        done="预计完成日已延后，告知书正在生成并发给申请人。",
        tab="special",
        form=_later_form,
        follows=selectors.later_follows,
        run=run(services.expect_later, "expected_until", "reason"),
        kind="out",
        to_case=True,
    )
)
resume = page_of(
    Act(
        action="case.resume",
        title="特别程序结束",
        sure="特别程序结束，恢复计时？",
        button="确认恢复计时",
        done="特别程序已结束，时限接着计算。",
        tab="mine",
        form=plain(ResumeForm),
        follows=selectors.resume_follows,
        run=run(services.resume_case, "reason"),
        to_case=True,
    )
)
return_inside = page_of(
    Act(
        action="case.return_inside",
        title="内部退回",
        sure="退回到前面的环节？",
        button="确认内部退回",
        done="已退回，前面的环节会重新出现在那个岗位的“我的环节”里。",
        tab="mine",
        form=_return_form,
        follows=lambda case, form, at: selectors.return_follows(form.step_name, form.cleaned_data["reason"]),
        run=run(services.return_inside, "task_id", "step", "reason"),
        kind="in",
        template="workbench/_form_return.html",
        opinions=True,
    )
)
