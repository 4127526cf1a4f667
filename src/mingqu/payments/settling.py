"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.identity.services.settling import Tie
from mingqu.payments.models import FeeNotice

TIES = (
    Tie(
        "没有缴清的缴款通知和没有办完的退费",
        lambda department, day: FeeNotice.objects.filter(
            department_id=department,
            state__in=(FeeNotice.State.DUE, FeeNotice.State.PAYING, FeeNotice.State.REFUNDING),
        ),
        page="payments:desk",
        how="等缴清、免缴、取消，或者退费办完。",
    ),
)
