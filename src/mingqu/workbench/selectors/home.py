"""What waits for a post on its pages, told on its first page; of a post that has no cases also which pages it has."""

from dataclasses import dataclass

from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.law import selectors as law
from mingqu.ui.menu import Link, waiting_on
from mingqu.workbench.selectors.health import health

# What one does on each page, by its address name; a page that is missing here is shown without.
ABOUT = {
    "catalogue:items": "起草、检查、公布事项，看每一版和以前的不同",
    "catalogue:reviews": "核对从其他系统导入的事项，确认以后才能公布",
    "payments:desk": "缴款通知、窗口收费、免缴、退费",
    "assist:counter": "来人说有事办不成的，替来人登记，给编号和查询码",
    "exchange:desk": "转到其他系统办的、要录入其他系统的，到了哪一步",
    "exchange:days": "每天核对转出的和对方收到的，处理差异",
    "exchange:connections": "和每个外部系统通不通，还压着多少",
    "payments:days": "导入收款机构的对账单，逐笔核对",
    "upkeep:notices": "每一页最上面的公告，停机维护的安排",
    "certificates:imports": "上传存量证照表格，看检查结果，抽样后导入",
    "identity:accounts": "新建、停用、恢复账号，重置密码和第二验证方式",
    "identity:organs": "部门、岗位，谁担任哪个岗位，岗位能做什么",
    "identity:registers": "让人事系统把到岗、改名、离岗的人员同步到这里的账号",
    "identity:outside_apps": "登记、停用可以用这里的账号登录的应用",
    "identity:recoveries": "丢了登录号码的人在窗口换号，一人登记一人复核",
    "identity:training_regions": "设置、取消只用来培训的区域",
    "insight:statistics": "今天、本周、本月的收件和办结，和以前比，点数字看办件",
    "insight:reports": "日报、周报、月报，核对以后签发",
    "law:library": "登记法规的修改和废止，确认另一位法制人员的登记",
    "workbench:closing": "下班前看：材料、号、交接单、结果，今天还有什么没有办完",
    "workbench:seals": "提出或者复核机关电子印章的制作、更换、停用",
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
        waits, state, elsewhere = _waits(actor, link.name, at)
        here = ("", "done") if elsewhere else (waits, state)
        found.append(HomeLink(str(link.label), link.url, ABOUT.get(link.name, ""), *here))
        if elsewhere:
            found.append(HomeLink(*elsewhere, "", waits, state))
    return found


def waiting(actor: Actor, links: list[Link], at: Instant) -> list[HomeLink]:
    """What waits for a post that has cases on pages other than its list of cases; nothing else is named."""
    found = []
    for link in links:
        if waits := waiting_on(link.name, actor, at):
            found.append(
                HomeLink(waits.label or str(link.label), waits.url or link.url, "", waits.words, waits.state)
            )
    return found


def _waits(actor: Actor, name: str, at: Instant) -> tuple[str, str, tuple[str, str] | None]:
    """What waits, the code of its tag, and (words, address) where that is another page."""
    if name == "law:library" and access.may(actor, "law.edit"):
        waiting = law.changes_awaited(actor)
        return (f"{waiting}项等您确认", "correct", None) if waiting else ("没有要确认的", "done", None)
    if name not in ("workbench:health", "workbench:audit") or not access.may(actor, _ASKS[name]):
        waits = waiting_on(name, actor, at)
        if waits is None:
            return "", "", None
        return waits.words, waits.state, (waits.label, waits.url) if waits.url else None
    seen = health(at)
    if name == "workbench:audit":
        return (
            (f"{seen.unsealed}条等待封存", "accepted", None) if seen.unsealed else ("都已封存", "done", None)
        )
    return (f"{seen.problems}处要看", "correct", None) if seen.problems else ("都正常", "done", None)


_ASKS = {"workbench:health": "system.see_health", "workbench:audit": "audit.see"}
