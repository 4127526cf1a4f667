"""征求意见: ask another organ from an open step."""

from typing import TYPE_CHECKING, Any

from mingqu.cases import services
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.consulting_forms import ConsultForm
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors.consulting import may_ask
from mingqu.workbench.views.acts.shared import Act, page_of

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def _ask(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, ConsultForm)
    task_id = form.cleaned_data["task_id"]
    return services.consult(
        case_id=case.pk, task_id=task_id, question=form.question, by=by, at=at, key=form.command_key
    )


def _follows(case: "Case", form: Any, at: Instant) -> list[str]:
    question = form.question
    lines = [
        f"{form.post_name}收到：{question.text}",
        f"请它在{question.limit}个工作日内书面答复；快到期和逾期都会提醒。",
        form.may.silence or "逾期没有答复，不等于同意。",
        "答复以前，这个环节不能办结。" if question.waits else "这个环节不等答复，可以接着办。",
    ]
    lines += (
        [f"附{len(question.files)}个材料文件，对方看过会记入“谁看过我的材料”。"] if question.files else []
    )
    return [*lines, "申请人不会收到通知，办理时限照常计算。"]


consult = page_of(
    Act(
        action="case.consult",
        title="征求意见",
        sure="征求这个部门的意见？",
        button="确认，发给对方",
        done="已发给对方，什么时候答复写在办件的“征求意见”里。",
        tab="mine",
        form=lambda case, data, by, at: ConsultForm(data, may=may_ask(by, case, legal_day(at))),
        follows=_follows,
        run=_ask,
        kind="in",
        to_case=True,
    )
)
