"""Acts of the approver: 作出决定, 延期, 终止办理."""

from typing import TYPE_CHECKING, Any

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.services.discretion import Choice
from mingqu.cases.services.seconds import choices
from mingqu.cases.types import Done
from mingqu.catalogue.types import number_words
from mingqu.clocks.types import Unit
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench import selectors
from mingqu.workbench.discretion_forms import DiscretionDecisionForm, Table
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
    applied = uses.applied_to(case, cases.definition_of(case))
    form = (
        DiscretionDecisionForm(
            data, tables=[(one, choices(case, one, by, at)) for one in applied], item_type=case.item_type
        )
        if applied
        else of_type(DecisionForm)(case, data, by, at)
    )
    assert isinstance(form, DecisionForm)
    form.draft = selectors.refusal_draft(case)
    form.initial["reasons"] = form.draft
    return form


def _follows(case: "Case", form: Any, at: Instant) -> list[str]:
    """Within the ranges it is decided; outside of one, what is said first is who is asked."""
    lines = selectors.decision_follows(case, **form.given("outcome", "reasons"))
    if not isinstance(form, DiscretionDecisionForm):
        return lines
    granting = form.cleaned_data["outcome"] == "granted"
    said = [_set_words(one, granting=granting) for one in form.tables]
    if form.inside:
        return [lines[0], *filter(None, said), *lines[1:]]
    outside = [one for one in form.tables if not one.inside]
    posts = {one.second_post: identity.post_by_code(one.second_post) for one in outside}
    asked = "、".join(f"“{post.department.name}·{post.name}”" for post in posts.values())
    both = "全部" if len(outside) > 1 else ""
    return [
        f"您要{'准予' if granting else '不予'}，超出裁量基准。",
        *filter(None, said),
        *(f"{one.applied.of.name}的理由：{one.setting.why}" for one in outside),
        f"先送{asked}由另一个人复核。",
        f"{both}复核同意以前不作决定、不取文号，申请人不会收到通知；办理时限照常计算。",
    ]


def _set_words(one: Table, *, granting: bool) -> str:
    """罚款数额1500元，超出第2档的幅度（500至1000元）。"""
    of, rule = one.applied.of, one.applied.rule
    value = one.setting.value
    if one.inside and (not granting or value is None):
        return ""
    words = f"{of.name}{number_words(value)}{of.unit}" if granting and value is not None else of.name
    if rule is None:
        return f"{words}，没有适用的档次。"
    ends = f"{rule.words}{of.unit}"
    number = one.applied.number
    return f"{words}，在第{number}档的幅度之内。" if one.inside else f"{words}，超出第{number}档（{ends}）。"


def _decide(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    given = form.cleaned_data
    plain_choice = Choice(given["outcome"], given["reasons"])
    choice = form.choice if isinstance(form, DiscretionDecisionForm) else plain_choice
    return services.decide_with(case_id=case.pk, choice=choice, by=by, at=at, key=form.command_key)


def _said(result: object) -> str:
    if isinstance(result, Done) and result.status == "accepted":
        return "已送另一个人复核。复核同意以前没有作决定，申请人不会收到通知。"
    return "决定已作出，文书正在生成并送达申请人。"


decide = page_of(
    Act(
        action="case.decide",
        title="作出决定",
        sure="作出这个决定？",
        button="确认作出决定",
        done="决定已作出，文书正在生成并送达申请人。",
        tab="mine",
        form=_decision_form,
        follows=_follows,
        run=_decide,
        opinions=True,
        template="workbench/_form_decision.html",
        said=_said,
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
