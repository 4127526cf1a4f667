"""Acts after the decision: 归档. 送达 has a page of its own (views/counter.py)."""

from mingqu.cases import services
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm
from mingqu.workbench.views.acts.shared import Act, page_of, plain, run

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
