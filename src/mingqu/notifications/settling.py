"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.identity.services.settling import Tie
from mingqu.notifications.models import NotifyKey, UnservedPaper

TIES = (
    Tie(
        "接入系统还在用的密钥",
        lambda department, day: NotifyKey.objects.filter(service__department_id=department, ended_at=None),
        page="notifications:programs",
        how="停用；要接着发消息的，由承接的单位重新接入。",
    ),
    Tie(
        "没有送达的文书",
        lambda department, day: UnservedPaper.objects.filter(department_id=department),
        how="送达以后登记，或者写明理由结束。",
    ),
)
