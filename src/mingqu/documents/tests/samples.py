"""Files and data the tests of this room use; made here, so that nothing is anybody's."""

import io
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image

from mingqu.documents.rendering import render, render_mark
from mingqu.documents.seals.base import KeyMaterial, Subject
from mingqu.documents.seals.registry import provider
from mingqu.documents.types import SealOrder

AT = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
ORGAN = "清禾区市场监督管理局"
LONG_ORGAN = "积石山保安族东乡族撒拉族自治县市场监督管理局"
LONG_NAME = "阿卜杜热西提·买买提吐尔逊·古丽巴哈尔"
RARE_NAME = "𬱖䶮㛃"

COMMON: dict[str, Any] = {
    "organ": ORGAN,
    "date": "2026-11-12",
    "number": "清禾市监食受〔2026〕318号",
    "recipient": "张三",
    "recipient_number": "9901**********1234",
    "handler": "许可科 王*",
    "phone": "12345",
    "query_code": "7K3M92QX",
    "check": "9f3c71ae0b52d84e",
    "link": "https://qinghe.example/verify/7K3M92QXAB12CD34/",
    "item": "食品经营许可（新办）",
    "case_number": "99010420261109000318",
    "case_number_grouped": "990104 20261109 000318",
    "received_on": "2026-11-09",
}
_REMEDY = {
    "reconsideration_organ": "清禾区人民政府",
    "reconsideration_online": "https://fuyi.qinghe.example/",
    "court": "清禾区人民法院",
}
_SIGNED = {
    "signed_name": RARE_NAME,
    "signed_on": "2026-11-09",
    "signed_time": "09:08",
    "signed_how": "填写姓名并勾选确认",
}
_DECISION = {
    "accepted_on": "2026-11-12",
    "basis": ["《中华人民共和国食品安全法》第三十五条", "《中华人民共和国行政许可法》第三十八条第一款"],
    "reconsideration_organ": "清禾区人民政府",
    "reconsideration_online": "https://fuyi.qinghe.example/",
    "court": "清禾区人民法院",
}
# A bundle (一件事) is named by its own words, not by one item and one case number.
_ONE_CASE = {"item", "case_number", "case_number_grouped"}
REVOKED: dict[str, Any] = {
    name: value for name, value in COMMON.items() if name not in {*_ONE_CASE, "received_on", "query_code"}
} | {
    "number": "清禾区市场监督管理局撤〔2026〕3号",
    "licence": True,
    "certificate_name": "食品经营许可证",
    "certificate_number": "JY9901042026000001",
    "valid_from": "2026-03-02",
    "ground": "以欺骗、贿赂等不正当手段取得",
    "basis": "《中华人民共和国行政许可法》第六十九条第二款",
    "reasons": ["申请时提交的租赁合同系伪造，出租人已经书面否认。"],
    "told_on": "2026-11-02",
    "heard": "听取了陈述、申辩",
    "statement": "当事人称合同由中介代办；经查，不影响事实认定，不予采纳。",
    "consequence": "基于这项行政许可取得的利益不受保护（《中华人民共和国行政许可法》第六十九条第四款）。",
    "reconsideration_organ": "清禾区人民政府",
    "court": "清禾区人民法院",
}
_HEARD = {"told_on", "heard", "statement", "consequence"}
STRUCK_OFF: dict[str, Any] = {name: value for name, value in REVOKED.items() if name not in _HEARD} | {
    "number": "清禾区市场监督管理局注〔2026〕2号",
    "ground": "法人或者其他组织依法终止",
    "basis": "《中华人民共和国行政许可法》第七十条第（三）项",
    "proof": "注销登记通知书（2026）12号",
    "reasons": ["持证人已经办理注销登记，主体资格消灭。"],
}
BUNDLE: dict[str, Any] = {name: value for name, value in COMMON.items() if name not in _ONE_CASE} | {
    "bundle": "开餐饮店一件事",
    "bundle_number": "B99010420261112000021",
}
DATA: dict[str, dict[str, Any]] = {
    "receipt": COMMON
    | {
        "received_time": "09:12",
        "channel": "网上",
        "answer_by": "2026-11-16",
        "materials": [
            {"name": "食品经营许可申请书", "form": "电子", "copies": 1},
            {"name": "经营场所平面布局图", "form": "电子（照片转换）", "copies": 1},
        ],
        "looked_up": ["营业执照", "身份信息"],
        "owed": ["经营场所平面布局图"],
        "delivery": "电子送达",
    },
    "commitment": COMMON
    | _SIGNED
    | {
        "material": "食品安全管理制度",
        "title": "食品安全管理制度告知承诺书",
        "told": [
            "要有保证食品安全的规章制度（食品安全法第三十三条第一款第三项）。",
            "作出决定后20个工作日内核查。",
        ],
        "promised": ["已经建立进货查验、从业人员健康管理、清洗消毒制度，并且照着做。"],
        "consequence": "承诺不实的，依法撤销行政许可（行政许可法第六十九条）。",
    },
    "gap_promise": COMMON
    | _SIGNED
    | {
        "materials": [{"name": "经营场所平面布局图", "until": "2026-11-19"}],
        "told": ["“经营场所平面布局图”自受理之日起5个工作日内补交。"],
        "promised": ["自受理之日起5个工作日内补交“经营场所平面布局图”，补交的材料真实、有效。"],
        "consequence": "到期没有补交的，审批机关按已有材料作出决定。",
    },
    "acceptance_notice": COMMON
    | {
        "accepted_on": "2026-11-12",
        "promised_on": "2026-11-26",
        "promised_words": "受理后第10个工作日",
        "statutory_on": "2026-12-10",
        "statutory_words": "受理后第20个工作日",
        "materials_text": "申请书1份，平面布局图1页；营业执照、身份信息由本机关查询",
        "fee": "不收费",
    },
    "fee_notice": {
        "organ": "澜州市清禾区水务局",
        "date": "2026-11-12",
        "number": "JK99010420261112000001",
        "recipient": "清禾安居建设有限公司",
        "item": "生产建设项目水土保持方案审批",
        "case_number": "99010420261109000318",
        "fee_name": "水土保持补偿费",
        "standard": "按占地面积计算",
        "basis": "《中华人民共和国水土保持法》第三十二条第二款",
        "amount": "12,600.00",
        "capitals": "壹万贰仟陆佰元整",
        "because": "占地21000平方米",
        "due_on": "2026-11-26",
    },
    "correction_notice": COMMON
    | {
        "asked": [
            {"material": "经营场所平面布局图", "problem": "照片模糊，看不清加工区", "how": "重新拍照上传"},
            {
                "material": "租赁合同",
                "problem": "出租人姓名与产权证不一致",
                "how": "补交产权人同意转租的材料",
            },
        ],
        "reply_by": "2026-12-12",
    },
    "bundle_receipt": BUNDLE
    | {
        "received_time": "10:00",
        "parts": [
            {"name": "营业执照", "organ": ORGAN, "state": "在外部系统办理，结果由窗口登记"},
            {"name": "食品经营许可", "organ": LONG_ORGAN, "state": "“营业执照”办成后接着办，不用再申请"},
        ],
        "materials": [{"name": "经营场所平面布局图", "form": "电子文件", "copies": 1}],
        "looked_up": ["营业执照（990104000001234）"],
        "owed": ["场所使用证明"],
        "channel": "窗口",
        "delivery": "窗口领取",
    },
    "bundle_extension": BUNDLE
    | {
        "number": "清禾市监事延〔2026〕1号",
        "accepted_on": "2026-11-13",
        "basis": "《中华人民共和国行政许可法》第四十二条第二款",
        "approver": "本级人民政府负责人",
        "words": "15个工作日",
        "reasons": ["消防验收等候专家排期。"],
        "joint_before": "2027-01-18",
        "joint_on": "2027-02-08",
    },
    "bundle_acceptance": BUNDLE
    | {
        "accepted": [
            {
                "name": "食品经营许可",
                "organ": LONG_ORGAN,
                "case_number": "99010420261112000318",
                "accepted_on": "2026-11-12",
                "promised_on": "2026-11-24",
                "statutory_on": "2026-12-10",
                "owed": ["场所使用证明"],
            },
            {
                "name": "污水排入排水管网许可",
                "organ": "清禾区水务局",
                "case_number": "99010420261112000319",
                "accepted_on": "2026-11-05",
                "promised_on": "2026-11-24",
                "statutory_on": "2026-12-10",
                "deemed": True,
            },
        ],
        "owed": [{"part": "食品经营许可", "material": "场所使用证明", "until": "2026-11-19"}],
        "together": False,
        "still_open": [{"name": "户外招牌设置许可", "organ": "清禾区城市管理局", "state": "等您补正材料"}],
        "joint_on": "2027-01-18",
    },
    "bundle_correction": BUNDLE
    | {
        "asked": [
            {
                "material": "经营场所平面布局图",
                "parts": "食品经营许可、户外招牌设置许可",
                "problem": "照片模糊，看不清加工区",
                "how": "请重新拍照或者上传，交一次就行。",
            }
        ],
    },
    "not_accepted_notice": COMMON
    | _REMEDY
    | {
        "ground": "not_competent",
        "competent_organ": "经营场所所在地的县级市场监督管理部门",
        "reasons": ["该经营场所不在清禾区。"],
    },
    "not_required_notice": COMMON
    | _REMEDY
    | {"reasons": ["仅销售预包装食品不需要取得食品经营许可，办理备案即可。"]},
    "special_procedure_notice": COMMON
    | {
        "accepted_on": "2026-11-12",
        "ground": "专家评审",
        "since": "2026-11-16",
        "expected_until": "2026-12-04",
        "reasons": ["申请的工艺没有先例，需要专家对安全条件作出评审意见。"],
    },
    "extension_notice": COMMON
    | {
        "accepted_on": "2026-11-12",
        "basis": "《中华人民共和国行政许可法》第四十二条第一款",
        "approver": "本行政机关负责人",
        "words": "10个工作日",
        "reasons": ["现场情况复杂，需要再次核对消防通道的宽度。"],
        "statutory_before": "2026-12-10",
        "statutory_on": "2026-12-24",
        "promised_on": "2026-11-26",
    },
    "decision_revoked": REVOKED,
    "approval_revoked": REVOKED | {"licence": False, "consequence": "", "statement": ""},
    "decision_struck_off": STRUCK_OFF,
    "approval_struck_off": STRUCK_OFF | {"licence": False, "proof": "", "basis": "《样例办法》"},
    "termination_notice": COMMON | _REMEDY | {"reasons": ["申请人已经办理注销登记，主体资格消灭。"]},
    "visit_record": COMMON
    | {
        "step": "现场核查",
        "place": "澜州市清禾区青澜街道临河路18号一层",
        "began": "2026年11月16日（周一）10:05",
        "ended": "2026年11月16日（周一）10:50",
        "officers": [{"name": LONG_NAME, "drawn": ""}, {"name": RARE_NAME, "drawn": ""}],
        "checklist": "餐饮服务场所现场核查表",
        "points": [
            {"text": "★有与经营相适应的消毒、更衣、盥洗设施", "state": "不符合", "note": "没有洗手池。"},
            {"text": "有处理废水、存放垃圾和废弃物的设施", "state": "不涉及", "note": ""},
        ],
        "outcome": "整改后复查",
        "again_by": "2026-11-20",
        "remarks": ["装好洗手池后复查。"],
        "photos": [{"taken": "", "sha256": "0123456789abcdef" * 4}],
        "party": LONG_NAME,
        "party_drawn": "",
        "party_refused": "认为不需要，拒绝签字。",
        "shared": [{"subject": "围挡高度", "says": "2.5米", "who": RARE_NAME, "sha256": ""}],
        "adopted": "当天参加防汛值守。",
        "joint_on": "2026-11-16",
    },
    "joint_visit_record": BUNDLE
    | {
        "project": "清禾第二小学教学楼",
        "place": "澜州市清禾区禾塘镇示例路2号",
        "began": "2026年11月16日（周一）10:05",
        "ended": "2026年11月16日（周一）10:50",
        "organs": [
            {"name": LONG_ORGAN, "came": True, "officers": [{"name": LONG_NAME, "drawn": ""}]},
            {"name": ORGAN, "came": False, "officers": [{"name": RARE_NAME, "drawn": ""}]},
        ],
        "findings": [
            {
                "subject": "围挡高度",
                "says": "2.5米，连续封闭",
                "who": RARE_NAME,
                "sha256": "0123456789abcdef" * 4,
            },
            {"subject": "出入口", "says": "一处，已经硬化", "who": LONG_NAME, "sha256": ""},
        ],
        "corrections": [
            {
                "subject": "围挡高度",
                "before": "2.4米",
                "after": "2.5米",
                "reason": "复测，前一次没有从地面量起。",
                "who": f"{RARE_NAME}，2026年11月17日（周二）9:00",
            }
        ],
        "party": LONG_NAME,
        "party_drawn": "",
        "party_refused": "",
    },
    "deemed_renewal_notice": COMMON
    | {
        "accepted_on": "2026-11-12",
        "certificate_name": "食品经营许可证",
        "certificate_number": "JY29901040000318",
        "ended_on": "2026-12-31",
    },
    "decision_granted": COMMON
    | _DECISION
    | {
        "outcome": "granted",
        "scope": "经营场所：澜州市清禾区青澜街道临河路18号一层；经营项目：热食类食品制售、自制饮品制售",
        "certificate_name": "食品经营许可证",
        "certificate_number": "JY29901040000318",
        "valid_from": "2026-11-20",
        "valid_until": "2031-11-19",
        "renew_by": "2031-10-20",
    },
    "decision_refused": COMMON
    | _DECISION
    | {
        "outcome": "refused",
        "basis": ["《中华人民共和国食品安全法》第三十五条", "《中华人民共和国行政许可法》第三十八条第二款"],
        "reasons": [
            "经营场所位于居民住宅楼内，且使用明火产生油烟，不符合《中华人民共和国大气污染防治法》第八十一条的规定。",
            "没有与经营品种相适应的消毒、洗手设施，不符合《中华人民共和国食品安全法》第三十三条第一款第二项的要求。",
        ],
    },
    "approval_granted": COMMON
    | _DECISION
    | {
        "licence": False,
        "outcome": "granted",
        "basis": [],
        "scope": "申请人：清禾区青澜街道文化站；申请的内容：市级非物质文化遗产代表性项目认定",
        "result_type": "approval_document",
    },
    "approval_refused": COMMON
    | _DECISION
    | {
        "licence": False,
        "outcome": "refused",
        "basis": ["《中华人民共和国非物质文化遗产法》第十八条"],
        "reasons": ["没有说明项目的历史、现状和价值。"],
    },
    "service_record": COMMON
    | {
        "number": "清市监送〔2026〕9号",
        "paper": "准予行政许可决定书（清市监许〔2026〕41号）",
        "way": "窗口直接送达",
        "receiver": "李明",
        "relation": "代理人",
        "receiver_document": "居民身份证9901**********1234",
        "proof": "在纸质送达回证上签名",
        "served_on": "2026-11-21",
    },
    "licence": {
        "organ": ORGAN,
        "date": "2026-11-20",
        "number": "JY29901040000318",
        "link": COMMON["link"],
        "certificate_name": "食品经营许可证",
        "identifier": "1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y",
        "verification_code": "7K3M92QXAB12CD34",
        "valid_from": "2026-11-20",
        "valid_until": "2031-11-19",
        "fields": [
            {"label": "经营者名称", "value": "清禾区张三小吃店"},
            {"label": "统一社会信用代码", "value": "92990104MA0000001X"},
            {"label": "法定代表人（负责人）", "value": "张三"},
            {"label": "经营场所", "value": "澜州市清禾区青澜街道临河路18号一层"},
            {"label": "经营项目", "value": "热食类食品制售；自制饮品制售"},
        ],
    },
}


@lru_cache(maxsize=1)
def keys() -> tuple[KeyMaterial, KeyMaterial]:
    """A root and an organ's key, made once per session."""
    local = provider("local")
    root = local.create_root(Subject("清禾区政务服务网", "990104"), AT)
    return root, local.create_organ_key(root, Subject(ORGAN, "QH-SCJG"), AT)


@lru_cache(maxsize=1)
def sealed_pdf() -> bytes:
    made = render("acceptance", DATA["acceptance_notice"], at=AT, demo=True, sealed=True)
    order = SealOrder(ORGAN, "受理通知书", AT, render_mark(ORGAN, at=AT, demo=True), made.seal_place)
    return provider("local").seal(made.pdf, keys()[1], order)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """A picture, red on the left and blue on the right, so that turning it shows."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, quality=80)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, **save: Any) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    return saved(document, **save)


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    """Always the same bytes (but encrypted ones): tests are named by them, and each worker must find the same names."""
    out = io.BytesIO()
    document.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()
