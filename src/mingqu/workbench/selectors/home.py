"""The first page of a post that has no cases: its own pages, and how much waits in each."""

from dataclasses import dataclass

from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.law import selectors as law
from mingqu.ui.menu import Link
from mingqu.workbench.selectors.health import health

# What one does on each page, by its address name; a page that is missing here is shown without.
ABOUT = {
    "catalogue:items": "起草、检查、公布事项，看每一版和以前的不同",
    "catalogue:reviews": "核对从其他系统导入的事项，确认以后才能公布",
    "certificates:imports": "上传存量证照表格，看检查结果，抽样后导入",
    "identity:accounts": "新建、停用、恢复账号，重置密码和第二验证方式",
    "identity:organs": "部门、岗位，谁担任哪个岗位，岗位能做什么",
    "identity:training_regions": "设置、取消只用来培训的区域",
    "law:library": "登记法规的修改和废止，确认另一位法制人员的登记",
    "workbench:health": "后台任务、文书、定时工作有没有出错",
    "workbench:audit": "谁在什么时候办了什么，记录有没有改动过",
}


@dataclass(frozen=True)
class HomeLink:
    """`waits`: how many wait there; `state`: a code of the `status` tag."""

    label: str
    url: str
    about: str
    waits: str = ""
    state: str = "done"


def home(actor: Actor, links: list[Link], at: Instant) -> list[HomeLink]:
    """`links`: the entries of the rail, as the layout shows them to this post."""
    found = []
    for link in links:
        waits, state = _waits(actor, link.name, at)
        found.append(HomeLink(str(link.label), link.url, ABOUT.get(link.name, ""), waits, state))
    return found


def _waits(actor: Actor, name: str, at: Instant) -> tuple[str, str]:
    if name == "law:library" and access.may(actor, "law.edit"):
        waiting = law.changes_awaited(actor)
        return (f"{waiting}项等您确认", "correct") if waiting else ("没有要确认的", "done")
    if name not in ("workbench:health", "workbench:audit") or not access.may(actor, _ASKS[name]):
        return "", ""
    seen = health(at)
    if name == "workbench:audit":
        return (f"{seen.unsealed}条等待封存", "accepted") if seen.unsealed else ("都已封存", "done")
    return (f"{seen.problems}处要看", "correct") if seen.problems else ("都正常", "done")


_ASKS = {"workbench:health": "system.see_health", "workbench:audit": "audit.see"}
