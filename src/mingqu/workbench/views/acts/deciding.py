"""Acts of the approver: 作出决定."""

from mingqu.cases import services
from mingqu.workbench import selectors
from mingqu.workbench.forms import DecisionForm
from mingqu.workbench.views.acts.shared import Act, page_of, plain, run

decide = page_of(
    Act(
        action="case.decide",
        title="作出决定",
        sure="作出这个决定？",
        button="确认作出决定",
        done="决定已作出，文书正在生成并送达申请人。",
        tab="mine",
        form=plain(DecisionForm),
        follows=lambda case, form, at: selectors.decision_follows(
            case, form.cleaned_data["outcome"], form.cleaned_data["reasons"]
        ),
        run=run(services.decide_case, "outcome", "reasons"),
        opinions=True,
    )
)
