"""Acts after the decision: 登记送达, 归档."""

from mingqu.cases import services
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm
from mingqu.workbench.views.acts.shared import Act, page_of, plain, run

deliver = page_of(
    Act(
        action="case.deliver",
        title="登记送达",
        sure="登记今天送达？",
        button="确认已送达",
        done="已登记送达。",
        tab="closing",
        form=plain(ActForm),
        follows=selectors.delivery_follows,
        run=run(services.deliver_case),
    )
)
archive = page_of(
    Act(
        action="case.archive",
        title="归档",
        sure="归档这件办件？",
        button="确认归档",
        done="已归档。",
        tab="closing",
        form=plain(ActForm),
        follows=lambda case, form, at: selectors.ARCHIVE_FOLLOWS,
        run=run(services.archive_case),
    )
)
