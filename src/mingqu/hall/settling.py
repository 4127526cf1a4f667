"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.hall.models import Booking, DayQueue, Hall, KeptPaper, Slip
from mingqu.identity.services.settling import Tie

# Slips before papers, as every command locks them.
TIES = (
    Tie(
        "等这个部门签收的材料交接单",
        lambda department, day: Slip.objects.filter(department_id=department, state=Slip.State.SENT),
        page="workbench:paper",
        how="点数签收，或者由送出的岗位撤回；岗位整体划转的，由承接的单位签收。",
        along="department",
    ),
    Tie(
        "岗位上收着的申请人的原件、复印件",
        lambda department, day: KeptPaper.objects.filter(
            department_id=department, state__in=("kept", "moving")
        ),
        page="workbench:paper",
        how="退还、归入案卷，或者交接给承接的单位；岗位整体划转的，由划转后的岗位接着收存。",
        along="department",
    ),
    Tie(
        "管着的大厅",
        lambda department, day: Hall.objects.filter(department_id=department),
        page="hall:halls",
        how="岗位整体划转的，由承接的单位接着管。",
        bars=False,
        along="department",
    ),
    Tie(
        "没有结束的当天排队",
        lambda department, day: DayQueue.objects.filter(department_id=department, ended=False),
        how="岗位整体划转的，接着叫号。",
        bars=False,
        along="department",
    ),
    Tie(
        "还没有来办的预约",
        lambda department, day: Booking.objects.filter(department_id=department, state=Booking.State.BOOKED),
        how="岗位整体划转的，照常来办。",
        bars=False,
        along="department",
    ),
)
