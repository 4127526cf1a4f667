"""
办理性质: is a row applied for, looked up, or exercised by the organ itself? No source says so; the rules below propose
it in this order, each with its reason, and a person confirms it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mingqu.catalogue.rules import ENQUIRY, EX_OFFICIO, ON_APPLICATION

LOOK_UP = (
    "查询 查看 指引 指南 咨询 须知 导航 地图 预约 下载 公示 公开 公告 公布 发布 通报 名单 名录 目录 资讯 动态 信息 "
    "介绍 宣传 讲座 展览 演出 培训 活动 预报 月报 答疑 预警 资源 荣获 举办 召开"
)
ASK_FOR = (
    "申请 申报 申领 申办 登记 备案 核准 审批 审核 许可 认定 认证 鉴定 变更 注销 补办 换领 换发 补发 报装 增容 减容 "
    "销户 过户 暂停 缴费 缴纳 转移 报到 报告 开具 出具 证明 报销 退税 退费 延期 确认 核发 领取 援助 申诉"
)
EXERCISED = {"02", "03", "04", "06"}  # 处罚 强制 征收 检查: the organ acts without being asked
SERVICE = "20"
_LOOK_UP, _ASK_FOR = (re.compile("|".join(words.split())) for words in (LOOK_UP, ASK_FOR))


@dataclass(frozen=True, slots=True)
class Signs:
    """What the rules look at."""

    item_type: str
    name: str
    materials: bool


@dataclass(frozen=True)
class Rule:
    reason: str
    kind: str
    holds: Callable[[Signs], object]


RULES = (
    Rule("处罚、强制、征收、检查由机关依职权行使", EX_OFFICIO, lambda s: s.item_type in EXERCISED),
    Rule(
        "这类行政权力由当事人申请行使",
        ON_APPLICATION,
        lambda s: s.item_type not in ("", SERVICE),
    ),
    Rule("列了申请材料", ON_APPLICATION, lambda s: s.materials),
    Rule("名称是查询、公开、指引一类", ENQUIRY, lambda s: _LOOK_UP.search(s.name)),
    Rule("名称里有申请、登记、备案一类的意思", ON_APPLICATION, lambda s: _ASK_FOR.search(s.name)),
    Rule("没有材料，名称里也没有申请的意思", ENQUIRY, lambda s: True),
)


def proposed_kind(signs: Signs) -> tuple[str, str]:
    """(handling kind, reason): the first rule that holds."""
    rule = next(rule for rule in RULES if rule.holds(signs))
    return rule.kind, rule.reason


# By what a row calls itself: which 业务办理项 it might be. Only said, not acted upon: what acts on a certificate needs
# the definition that issues it.
OTHER_HANDLING = re.compile("变更|延续|延期|补办|补发|遗失|换发|换领|注销")


def other_handling(name: str) -> str:
    """The word in a name by which it may be no 新办; empty for none."""
    found = OTHER_HANDLING.search(name)
    return found[0] if found else ""
