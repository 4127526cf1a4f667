"""Acts on what was received: 受理, 当场办结, 一次性告知补正, 不予受理."""

from typing import TYPE_CHECKING, Any

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.services import answers
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm, CorrectionForm, RefuseAcceptanceForm, SettleForm
from mingqu.workbench.views.acts.shared import Act, of_type, page_of, plain, run

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def _correction_form(case: "Case", data: Any, by: Actor, at: Instant) -> CorrectionForm:
    return CorrectionForm(
        data,
        materials=cases.materials_of(case),
        # 一件事 has one form for several organs: a part of it can't ask for a field.
        questions=() if case.bundle_id else answers.questions_of(case),
        wrong=selectors.wrong_in(case),
    )


def _ask_correction(case: "Case", form: ActForm, by: Actor, at: Instant) -> object:
    assert isinstance(form, CorrectionForm)
    return services.ask_correction(
        case_id=case.pk, asked=form.asked, fields=form.asked_fields, by=by, at=at, key=form.command_key
    )


accept = page_of(
    Act(
        action="case.accept",
        title="受理",
        sure="受理这件申请？",
        button="确认受理",
        done="已受理，办理时限开始计算，受理通知书正在生成。",
        tab="received",
        form=plain(ActForm),
        follows=selectors.accept_follows,
        run=run(services.accept_case),
    )
)
correct = page_of(
    Act(
        action="case.ask_correction",
        title="一次性告知补正",
        sure="把下面的内容一次告知申请人？",
        button="确认，发给申请人",
        done="补正告知书已发给申请人，等补正期间不计时。",
        tab="received",
        form=_correction_form,
        follows=lambda case, form, at: selectors.correction_follows(form.sentences, case.item_type),
        run=_ask_correction,
        kind="out",
        template="workbench/_form_correction.html",
    )
)
refuse_acceptance = page_of(
    Act(
        action="case.refuse_acceptance",
        title="不予受理",
        sure="不予受理这件申请？",
        button="确认不予受理，发给申请人",
        done="已不予受理，通知书正在生成并发给申请人。",
        tab="received",
        form=of_type(RefuseAcceptanceForm),
        follows=lambda case, form, at: selectors.refuse_follows(
            case, **form.given("ground", "organ", "reason")
        ),
        run=run(services.refuse_acceptance, "ground", "organ", "reason"),
        kind="warn",
    )
)
settle = page_of(
    Act(
        action="case.settle",
        title="当场办结",
        sure="当场办结这件申请？",
        button="确认当场办结",
        done="已当场办结，文书正在生成并送达申请人。",
        tab="received",
        form=of_type(SettleForm),
        follows=lambda case, form, at: selectors.settle_follows(case, **form.given("outcome", "reasons")),
        run=run(services.settle_on_spot, "outcome", "reasons"),
    )
)
