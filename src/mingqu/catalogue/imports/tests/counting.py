"""
What the shared files really hold, counted without the importer: only `json`, a few words and the arithmetic of check
digits. `test_what_the_files_hold.py` says what is expected of them in words.
"""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[5]
FILES = Path(__file__).parent / "files"  # of our own making
DATA = Path(os.environ.get("MINGQU_DATA") or ROOT.parent / "shared" / "data")
GUANGDONG = DATA / "gd_service_items" / "policy.jsonl"
GUANGAN = DATA / "guangan_service_items" / "bszl-data.json"
JIANGBEI = {
    kind: DATA / "jiangbei_project_approval" / f"{kind}_project_flow.json"
    for kind in ("enterprise", "government")
}

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WRONG_NAME = "MB1782462"  # a water authority under the name of a fishery institute
LOOK_UP = re.compile(
    "查询|查看|指引|指南|咨询|须知|导航|地图|预约|下载|公示|公开|公告|公布|发布|通报|"
    "名单|名录|目录|资讯|动态|信息|介绍|宣传|讲座|展览|演出|培训|活动|预报|月报|答疑|"
    "预警|资源|荣获|举办|召开"
)
ASK_FOR = re.compile(
    "申请|申报|申领|申办|登记|备案|核准|审批|审核|许可|认定|认证|鉴定|变更|注销|补办|"
    "换领|换发|补发|报装|增容|减容|销户|过户|暂停|缴费|缴纳|转移|报到|报告|开具|出具|"
    "证明|报销|退税|退费|延期|确认|核发|领取|援助|申诉"
)


def credit_code(text: str) -> bool:
    """18 characters whose two check characters are right (GB 32100-2015, GB 11714)."""
    if not re.fullmatch("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", text):
        return False
    total = sum(CREDIT.index(c) * pow(3, place, 31) for place, c in enumerate(text[:17]))
    return CREDIT[-total % 31] == text[17] and organisation(text[8:17])


def organisation(text: str) -> bool:
    if not re.fullmatch("[0-9A-Z]{8}[0-9X]", text):
        return False
    total = sum(int(c, 36) * w for c, w in zip(text, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    return "0123456789X0"[(11 - total % 11) % 11] == text[8]


def guangdong() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GUANGDONG.read_text(encoding="utf-8").splitlines()]


def asked_for(row: dict[str, Any]) -> bool:
    """Whether a row of Guangdong is applied for: what the state does with power is; a service as the words go."""
    if row["TASK_TYPE"] != "21":
        return True
    if isinstance(row["material_intro"], list) and row["material_intro"]:
        return True
    name = row["TASK_NAME"]
    return not LOOK_UP.search(name) and bool(ASK_FOR.search(name))


def count_guangdong() -> Counter[str]:
    found: Counter[str] = Counter()
    for row in guangdong():
        telephone = row["consult_phone"] != "无"
        organ = credit_code(row["TASK_CODE"][:18]) and row["ORGCODE"] != WRONG_NAME
        limits = row["handle_time"] != "无" and row["handle_time_limit"] != "无"
        case = asked_for(row)
        found["rows"] += 1
        found["no_telephone"] += not telephone
        found["no_organ"] += not organ
        found["listed"] += telephone and organ
        found["not_on_application"] += not case
        found["no_limits"] += case and not limits
        found["applicable with defaults"] += case and limits
        found["applicable and listed with defaults"] += case and limits and telephone and organ
        found["without conditions"] += row["accept_standard"] == "无"
        found["without statutory limit"] += row["handle_time"] == "无"
        found["promise without statutory limit"] += (
            row["handle_time"] == "无" and row["handle_time_limit"] != "无"
        )
        found["enquiry without address"] += not case and not row["URL"]
        found["several departments"] += row["co_department"] != "无"
        found["no_process"] += case and row["co_department"].count("决定与公开") != 1
    return found | _of_one_main_item()


def _of_one_main_item() -> Counter[str]:
    """Rows of the same main item and department: sub-items, told apart by their codes; and codes with a wrong check."""
    rows = guangdong()
    pairs = Counter((row["CATANAME"], row["DEPT_NAME"]) for row in rows)
    shared = [number for number in pairs.values() if number > 1]
    wrong = Counter(code for row in rows if not credit_code(code := row["TASK_CODE"][:18]))
    return Counter(
        {
            "shared main items": len(shared),
            "rows of shared main items": sum(shared),
            "different codes": len({row["TASK_CODE"] for row in rows}),
            "departments with a wrong check": len(wrong),
            "rows with a wrong check": sum(wrong.values()),
        }
    )


def guangan() -> Iterator[tuple[str, str, dict[str, str]]]:
    """(department, name, parameters of the link)"""
    for department in json.loads(GUANGAN.read_text(encoding="utf-8")):
        for item in department["items"]:
            for one in item["sub_items"]:
                asked = parse_qs(urlsplit(one["link"]).query)
                yield department["department"], one["name"], {k: v[0] for k, v in asked.items()}


def _organ_codes(asked: dict[str, str]) -> list[str]:
    """The organ within the item's code (after …-000-, before the last two numbers), then the department's own."""
    inside = re.fullmatch(r".*-\d{12}-\d{3}-(.+)-\d-\d\d", asked["itemCode"])
    return [text.replace("-", "").upper() for text in ([inside[1]] if inside else []) + [asked["deptCode"]]]


def count_guangan() -> Counter[str]:
    rows = list(guangan())
    whole = {code for *_, asked in rows for code in _organ_codes(asked) if credit_code(code)}
    short = defaultdict(set)
    for code in whole:
        short[code[8:17]].add(code)
    found: Counter[str] = Counter()
    for _, name, asked in rows:
        codes = _organ_codes(asked)
        organ = any(credit_code(c) or (organisation(c) and len(short[c]) == 1) for c in codes)
        power = asked["taskType"] != "20"
        case = power or (not LOOK_UP.search(name) and bool(ASK_FOR.search(name)))
        found["rows"] += 1
        found["organ known"] += organ
        found["no_organ"] += not organ
        found["not_on_application"] += not case
        found["no_limits"] += case
    return found


def count_jiangbei() -> Counter[str]:
    found: Counter[str] = Counter()
    for kind, path in JIANGBEI.items():
        for node in json.loads(path.read_text(encoding="utf-8"))["nodes"]:
            for item in node["items"]:
                found[kind] += 1
                found["rows"] += 1
                found["materials"] += len(item["materials"])
                found["with materials"] += bool(item["materials"])
    return found
