"""The words of what entries of the ledger note: a name for every key, words for values that are codes; pure."""

from datetime import date
from typing import Any

from mingqu.ui.text import zh_day

# Every key that a command notes, readable or as a digest; a test reads the commands and fails on one that is missing.
KEYS = {
    "about": "事项",
    "accepted_on": "受理日期",
    "again": "上次记录",
    "again_by": "整改期限",
    "applicant": "申请人编号",
    "approver": "批准人",
    "articles": "条文数",
    "as_of": "资料截止日",
    "asked": "要补正的",
    "assurance": "身份核验等级",
    "batch": "批次",
    "bundle": "一件事",
    "cancelled": "已取消",
    "case": "办件",
    "certificate": "证照编号",
    "change": "变化种类",
    "changed": "改动数量",
    "channel": "渠道",
    "citizen_number": "公民身份号码",
    "code": "代码",
    "confirmed_by": "确认人",
    "credit_code": "统一社会信用代码",
    "days": "天数",
    "decided_by": "决定人",
    "decided_on": "决定日期",
    "deed": "操作",
    "deemed": "依法视为",
    "demo": "演示",
    "department": "部门",
    "digest": "内容摘要",
    "document": "文书或者证件",
    "document_number": "文号",
    "draft": "草稿",
    "due_on": "到期日",
    "edition": "版次",
    "ended_on": "终止日期",
    "expected_until": "预计完成",
    "failed": "没有成功",
    "file": "文件",
    "finding": "结论",
    "findings": "核查发现",
    "fingerprint": "证书指纹",
    "found": "找到",
    "from_line": "起始行",
    "from_on": "开始日期",
    "ground": "依据或者情形",
    "holder": "持证人",
    "importer": "导入人",
    "indicator_version": "指标版本",
    "item": "事项",
    "item_types": "事项类型",
    "kind": "种类",
    "late": "超过期限",
    "law": "法律",
    "laws": "法律数",
    "left": "还差",
    "level": "评价",
    "limit": "期限",
    "line": "行号",
    "lines": "行号",
    "link": "流程线",
    "listed": "列入清单",
    "mapping": "对应方式",
    "material": "材料",
    "materials": "材料",
    "method": "验证方式",
    "missed": "逾期没有补交",
    "name": "名称",
    "national_code": "国家编码",
    "number": "编号",
    "officer_ids": "核查人员",
    "officers": "核查人数",
    "on": "日期",
    "organ": "机关",
    "outcome": "结果",
    "paper": "文书",
    "parent": "上级部门",
    "part": "事项",
    "parts": "各事项",
    "party": "当事人",
    "party_name": "当事人名称",
    "phone": "手机号码",
    "place": "地点",
    "planned_for": "约定时间",
    "points": "核查要点",
    "post": "岗位",
    "provisional": "临时登记",
    "publish_on": "发布日期",
    "published_by": "发布人",
    "purpose": "用途",
    "read": "已读行数",
    "reason": "理由",
    "reasons": "理由",
    "receiver": "签收人",
    "refusal": "没有办成的原因",
    "refused": "拒绝签字",
    "region": "区域",
    "region_code": "区域",
    "registered": "新登记",
    "reminded": "已提醒",
    "removed": "去掉的",
    "replaces": "替代的证照",
    "reviewer": "审核人",
    "revision": "版本",
    "role": "角色",
    "rows": "行数",
    "served_on": "送达日期",
    "sha256": "文件摘要",
    "signed": "签字方式",
    "since": "开始日期",
    "source": "来源",
    "stage": "阶段",
    "state": "状态",
    "statutory_on": "法定期限最晚",
    "step": "环节",
    "tab": "清单",
    "text": "文字",
    "to": "退回到的环节",
    "training": "培训区域",
    "type": "证照类型",
    "undone": "已撤回的",
    "until_on": "结束日期",
    "user": "账号编号",
    "username": "账号",
    "value": "填写的值",
    "version": "版本",
    "was": "原来的到期日",
    "way": "送达方式",
    "what": "对象",
    "why": "查看原因",
    "words": "文字",
    "wrong": "有问题的行数",
    "year": "年份",
}
# Values that are codes of ours, whatever the key.
_VALUES = {
    "granted": "准予",
    "refused": "不予许可",
    "met": "符合",
    "not_met": "不符合",
    "returned": "内部退回",
    "kept": "属实",
    "broken": "与承诺不符",
    "electronic": "电子送达",
    "window": "到窗口领取",
    "post": "邮寄",
    "left": "留置送达",
    "online": "网上",
    "drawn": "在屏幕上签字",
    "paper": "在纸上签字",
    "citizen_number": "公民身份号码",
    "phone": "手机号码",
    "received": "已收件",
    "accepted": "审查中",
    "decided": "已决定",
    "delivered": "已送达",
    "system_officer": "系统管理员",
    "security_officer": "安全管理员",
    "audit_officer": "审计管理员",
}


def key_words(key: str) -> str:
    """The Chinese name of a key; one that nobody named yet is shown as it is."""
    return KEYS.get(key, key)


def value_words(value: Any) -> str:
    """A value as people read it: days in words, codes in words, lists joined."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "":
        return "无"
    if isinstance(value, list):
        return "、".join(value_words(one) for one in value) or "无"
    if isinstance(value, dict):
        return "；".join(f"{key_words(str(name))}：{value_words(one)}" for name, one in value.items()) or "无"
    return _VALUES.get(str(value)) or _day(str(value)) or str(value)


def _day(text: str) -> str:
    try:
        return zh_day(date.fromisoformat(text)) if len(text) == len("2026-11-09") else ""
    except ValueError:
        return ""
