"""作废: asked for on the day of receipt; a second person agrees (views/changes.py)."""

from mingqu.cases import services
from mingqu.workbench.amending_forms import VoidForm
from mingqu.workbench.views.acts.shared import Act, page_of, plain, run

ask_void = page_of(
    Act(
        action="case.ask_void",
        title="作废",
        sure="提出作废这次收件？",
        button="确认提出作废",
        done="已提出作废，等第二个人复核。",
        tab="received",
        form=plain(VoidForm),
        follows=lambda case, form, at: [
            f"理由：{form.cleaned_data['reason']}",
            "由另一位工作人员在“复核改动”里复核，同意以后才生效。",
            "生效以后，编号留着、不再使用，不计入收件；申请人会收到通知。",
            "收存的原件不会自动退还，请在“材料交接”里退还，或者重新收件。",
        ],
        run=run(services.ask_void, "reason"),
        kind="in",
        to_case=True,
    )
)
