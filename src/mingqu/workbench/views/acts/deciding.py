"""Acts of the approver: 作出决定, 延期, 终止办理."""

from typing import TYPE_CHECKING, Any

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.clocks.types import Unit
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm, DecisionForm, ExtendForm, TerminateForm
from mingqu.workbench.views.acts.shared import Act, of_type, page_of, plain, run

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def _extend_form(case: "Case", data: Any, by: Actor, at: Instant) -> ExtendForm:
    rule = cases.definition_of(case).clocks.statutory
    form = ExtendForm(data, most=rule.extension.limit if rule.extension else 0, unit=Unit(rule.unit).text)
    if not cases.is_licence(case):
        form.fields["reason"].help_text = "会原样告知申请人。"
    return form


def _decision_form(case: "Case", data: Any, by: Actor, at: Instant) -> ActForm:
    """The reasons of a refusal begin with what the steps found not met."""
    form = of_type(DecisionForm)(case, data, by, at)
    assert isinstance(form, DecisionForm)
    form.draft = selectors.refusal_draft(case)
    form.initial["reasons"] = form.draft
    return form


decide = page_of(
    Act(
        action="case.decide",
        title="作出决定",
        sure="作出这个决定？",
        button="确认作出决定",
        done="决定已作出，文书正在生成并送达申请人。",
        tab="mine",
        form=_decision_form,
        follows=lambda case, form, at: selectors.decision_follows(case, **form.given("outcome", "reasons")),
        run=run(services.decide_case, "outcome", "reasons"),
        opinions=True,
    )
)
extend = page_of(
    Act(
        action="case.extend",
        title="延期",
        sure="延长这件申请的办理期限？",
        button="确认延期，告知申请人",
        done="办理期限已延长，延期告知书正在生成并发给申请人。",
        tab="mine",
        form=_extend_form,
        follows=lambda case, form, at: selectors.extension_follows(
            case, **form.given("limit", "reason"), at=at
        ),
        run=run(services.extend_case, "limit", "reason"),
        kind="out",
        to_case=True,
    )
)
terminate = page_of(
    Act(
        action="case.terminate",
        title="终止办理",
        sure="终止办理这件申请？",
        button="确认终止，告知申请人",
        done="已终止办理，告知书正在生成并发给申请人。",
        tab="mine",
        form=plain(TerminateForm),
        follows=lambda case, form, at: selectors.termination_follows(case, **form.given("reason")),
        run=run(services.terminate_case, "reason"),
        kind="warn",
        opinions=True,
    )
)
