"""What this room has of a department that has to be settled before it is closed (机构撤销)."""

from mingqu.identity import selectors as identity
from mingqu.identity.services.settling import Tie
from mingqu.process.models import Task

TIES = (
    Tie(
        "岗位上没有办完的环节",
        lambda department, day: Task.objects.filter(
            status=Task.State.OPEN, post__in=identity.posts_in(department).values("code")
        ),
        how="也包括其他部门的办件转到这个部门岗位的环节，由担任岗位的人办完；岗位整体划转的，环节跟着岗位走。",
        with_posts=True,
    ),
)
