"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.cases.models import OPEN, OPEN_BUNDLES, Bundle, Case, Consultation, Visit
from mingqu.identity.services.settling import Tie

TIES = (
    Tie(
        "没有办结的办件",
        lambda department, day: Case.objects.filter(department_id=department, status__in=OPEN),
        how="由现在的岗位办结。事项先由承接的单位重新公布，新的申请就到承接的单位去。",
    ),
    Tie(
        "牵头的、没有办完的一件事",
        lambda department, day: Bundle.objects.filter(lead_id=department, status__in=OPEN_BUNDLES),
        how="由现在的岗位办完。",
    ),
    Tie(
        "等这个部门答复的征求意见",
        lambda department, day: Consultation.objects.filter(
            department_id=department, state=Consultation.State.ASKED
        ),
        how="由被征求的岗位答复，或者由征求的人撤回；岗位整体划转的，由划转后的岗位答复。",
        along="department",
    ),
    Tie(
        "约好了还没有去的现场核查",
        lambda department, day: Visit.objects.filter(department_id=department, state=Visit.State.PLANNED),
        page="workbench:visits",
        how="由约定的人去完；岗位整体划转的，由划转后的岗位去。",
        along="department",
    ),
)
