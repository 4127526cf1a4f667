"""What officers do with a step besides answering it: 转办、委派, 加签、减签, 挂起、恢复, 撤回."""

from typing import TYPE_CHECKING, Any

from mingqu.cases import services
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.forms import ActForm
from mingqu.workbench.handing_forms import HoldForm, PassForm, PutBackForm, SignersForm, TakeBackForm
from mingqu.workbench.selectors.claims import another_ones
from mingqu.workbench.selectors.handing import handing, taken_back
from mingqu.workbench.views.acts.shared import Act, page_of, run

if TYPE_CHECKING:
    from mingqu.cases.models import Case

QUIET = "申请人不会收到通知，办理时限照常计算。"


def _pass(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, PassForm)
    return services.pass_on(
        case_id=case.pk, task_id=form.cleaned_data["task_id"], to=form.to, by=by, at=at, key=form.command_key
    )


def _pass_follows(case: "Case", form: Any, at: Instant) -> list[str]:
    name, how = form.post_name, form.cleaned_data["how"]
    what = {
        "pass": f"“{form.may.name}”从此由{name}办，出现在那里的“我的环节”里，您这里不再有。",
        "lend": f"“{form.may.name}”先由{name}办，办完交回您这里，最后由您办结；交回以前您可以收回。",
        "recall": f"“{form.may.name}”收回，由{name}自己办。",
    }[how]
    return [what, f"理由：{form.cleaned_data['reason']}", QUIET]


def _change(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, SignersForm)
    return services.change_signers(
        case_id=case.pk, task_id=form.cleaned_data["task_id"], to=form.to, by=by, at=at, key=form.command_key
    )


def _change_follows(case: "Case", form: Any, at: Instant) -> list[str]:
    added = form.to.add
    what = "那个岗位也要签署，这个环节才算办完。" if added else "那个岗位不用再签署。事项规定的签署岗位不变。"
    return [f"{form.choice}。{what}", f"理由：{form.to.reason}", QUIET]


def _hold_follows(case: "Case", form: Any, at: Instant) -> list[str]:
    if not form.cleaned_data["held"]:
        return ["这个环节恢复，可以接着办。"]
    return ["这个环节挂起，恢复以前谁也不能办；同时在办的别的环节照常办。", QUIET]


pass_on = page_of(
    Act(
        action="case.pass_on",
        title="转办、委派",
        sure="把这个环节交给别的岗位？",
        button="确认交给别的岗位",
        done="已交给别的岗位，那里的“我的环节”里现在有这件。",
        tab="mine",
        form=lambda case, data, by, at: PassForm(data, may=handing(by, case)),
        follows=_pass_follows,
        run=_pass,
        kind="in",
        opinions=True,
    )
)
change_signers = page_of(
    Act(
        action="case.change_signers",
        title="加签、减签",
        sure="改变这个环节由谁签署？",
        button="确认",
        done="签署的岗位已经改变，写在“各环节意见”里。",
        tab="mine",
        form=lambda case, data, by, at: SignersForm(data, may=handing(by, case)),
        follows=_change_follows,
        run=_change,
        kind="in",
        opinions=True,
        to_case=True,
    )
)
release_others = page_of(
    Act(
        action="case.release_others",
        title="放回别人认领的环节",
        sure="放回这个环节？",
        button="确认放回",
        done="已放回，那个岗位的人都可以办。",
        tab="all",
        form=lambda case, data, by, at: PutBackForm(data, task=another_ones(by, case, at)),
        follows=lambda case, form, at: [
            f"“{form.step_name}”不再由认领的人一个人办，那个岗位的人都可以办，也可以再认领。",
            f"理由：{form.cleaned_data['reason']}",
            QUIET,
        ],
        run=run(services.release_step, "task_id", "reason"),
        kind="in",
        to_case=True,
    )
)
hold_step = page_of(
    Act(
        action="case.hold_step",
        title="挂起、恢复",
        sure="改变这个环节是否挂起？",
        button="确认",
        done="已经办好，环节现在的情况写在最上面。",
        tab="mine",
        form=lambda case, data, by, at: HoldForm(data, may=handing(by, case)),
        follows=_hold_follows,
        run=run(services.hold_step, "task_id", "held", "reason"),
        kind="in",
        to_case=True,
    )
)
take_back = page_of(
    Act(
        action="case.take_back",
        title="撤回",
        sure="撤回您刚办的环节？",
        button="确认撤回",
        done="已撤回，环节回到您这里，可以重新办。",
        tab="mine",
        form=lambda case, data, by, at: TakeBackForm(data, task=taken_back(by, case)),
        follows=lambda case, form, at: [
            f"“{form.step_name}”回到您这里重新办；您写的意见留着，标明已撤回。",
            "后面的岗位已经打开的环节会收走。",
            QUIET,
        ],
        run=run(services.take_back, "task_id", "reason"),
        kind="in",
        opinions=True,
        to_case=True,
    )
)
