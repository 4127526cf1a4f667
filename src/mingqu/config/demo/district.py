"""The government of 清禾区, three organs of its neighbour: departments, posts, roles, accounts, seals. Fictional."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue import services as catalogue
from mingqu.catalogue.bundles import services as bundles
from mingqu.catalogue.checking import stored_file
from mingqu.catalogue.files import read_document
from mingqu.catalogue.types import Files
from mingqu.documents import services as documents
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import NewAccount, NewDepartment, NewPost, Span, Within
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

SYSTEM = Actor.system("demo")
REGION = "990104000000"
NEIGHBOUR = "990105000000"  # 临泊区: what each receives for the other is in `neighbour`
PASSWORD = "Qinghe-2026-stream"  # noqa: S105 - printed on purpose: a demo account's, refused elsewhere
DEFINITIONS = Path(__file__).parent / "definitions"
BUNDLES = Path(__file__).parent / "bundles"
FORMS = Path(__file__).parent / "forms"  # files of forms that definitions name by digest
SINCE = date(2025, 1, 1)


@dataclass(frozen=True)
class Seat:
    """A post and who holds it. `within`: code of the department whose subtree the role covers; empty: the region."""

    code: str
    name: str
    department: str
    role: str
    within: str
    username: str
    person: str
    region: str = REGION


DEPARTMENTS = (
    # code, name, parent, credit code (prefix 990104 was never assigned)
    ("QH-ZF", "澜州市清禾区人民政府", "", ""),
    ("QH-ZWZX", "清禾区政务服务中心", "QH-ZF", "11990104MB00000279"),
    ("QH-SCJG", "澜州市清禾区市场监督管理局", "QH-ZF", "11990104MB0000019E"),
    ("QH-SCJG-QLS", "青澜市场监督管理所", "QH-SCJG", ""),
    ("QH-CGJ", "澜州市清禾区城市管理局", "QH-ZF", "11990104MB00000354"),
    ("QH-SWJ", "澜州市清禾区水务局", "QH-ZF", "11990104MB0000043Y"),
    ("QH-ZJJ", "澜州市清禾区住房和城乡建设局", "QH-ZF", "11990104MB0000051R"),
    ("QH-XFJY", "清禾区消防救援大队", "QH-ZF", "11990104MB00001660"),
    ("QH-ZAZ", "清禾区建设工程质量安全监督站", "QH-ZJJ", "12990104MB0000078E"),
    ("QH-RFB", "澜州市清禾区人民防空办公室", "QH-ZF", "11990104MB000006XH"),
    ("QH-WJW", "澜州市清禾区卫生健康局", "QH-ZF", "11990104MB00002111"),
    (
        "QH-FYBJY",
        "清禾区妇幼保健院",
        "QH-WJW",
        "12990104MB0000254B",
    ),  # no department: it acts where a law says so
    ("QH-GAJ", "澜州市公安局清禾分局", "QH-ZF", "11990104MB000022XQ"),
    ("QH-YBJ", "澜州市清禾区医疗保障局", "QH-ZF", "11990104MB0000238Q"),
    ("QH-RSJ", "澜州市清禾区人力资源和社会保障局", "QH-ZF", "11990104MB0000246K"),
    # Organs whose services are not in the demo yet.
    ("QH-JYJ", "澜州市清禾区教育局", "QH-ZF", "11990104MB0003017X"),
    ("QH-MZJ", "澜州市清禾区民政局", "QH-ZF", "11990104MB0003025Q"),
    ("QH-JTJ", "澜州市清禾区交通运输局", "QH-ZF", "11990104MB0003033K"),
    ("QH-ZRZY", "澜州市自然资源和规划局清禾分局", "QH-ZF", "11990104MB0003041E"),
    ("QH-SWJU", "澜州市清禾区数据局", "QH-ZF", "11990104MB000305X6"),
)
NEIGHBOURS = (
    ("LB-ZF", "澜州市临泊区人民政府", "", ""),
    ("LB-ZWZX", "临泊区政务服务中心", "LB-ZF", ""),
    ("LB-SCJG", "澜州市临泊区市场监督管理局", "LB-ZF", ""),
)
# Organs that decide, or lead a bundle: each seals its papers with its own key.
SEALED = (
    "QH-SCJG",
    "QH-CGJ",
    "QH-SWJ",
    "QH-ZJJ",
    "QH-ZAZ",
    "QH-RFB",
    "QH-XFJY",
    "QH-YBJ",
    "QH-RSJ",
    "QH-WJW",
)
OFFICERS = {"system_officer", "security_officer", "audit_officer"}  # 三员: of the whole installation
SEATS = (
    Seat("QH-HALL-03", "综合窗口3号", "QH-ZWZX", "window_clerk", "", "chuangkou", "陈晓岚"),
    Seat("QH-HALL-04", "综合窗口4号", "QH-ZWZX", "window_clerk", "", "chuangkou2", "简若溪"),
    Seat("SCJG-SPXK-01", "食品许可承办岗", "QH-SCJG", "reviewer", "QH-SCJG", "chengban", "李文澜"),
    Seat("SCJG-SPXK-SH", "食品许可审核岗", "QH-SCJG", "checker", "QH-SCJG", "shenhe", "林知远"),
    Seat("SCJG-HC", "现场核查岗", "QH-SCJG", "reviewer", "QH-SCJG", "hecha", "王一帆"),
    Seat("SCJG-QLS", "选址审查岗", "QH-SCJG-QLS", "reviewer", "QH-SCJG", "shichangsuo", "赵青"),
    Seat("SCJG-LEAD", "分管局领导", "QH-SCJG", "approver", "QH-SCJG", "juzhang", "周敏"),
    Seat("SCJG-HEAD", "局长", "QH-SCJG", "department_head", "QH-SCJG", "yibashou", "何清"),
    Seat("CGJ-SRHJ-01", "户外招牌承办岗", "QH-CGJ", "reviewer", "QH-CGJ", "chengguan", "马市容"),
    Seat("CGJ-SH", "城管审核岗", "QH-CGJ", "checker", "QH-CGJ", "chengguansh", "许清街"),
    Seat("CGJ-LEAD", "城管分管局领导", "QH-CGJ", "approver", "QH-CGJ", "chengguanju", "罗路"),
    Seat("CGJ-HEAD", "城管局局长", "QH-CGJ", "department_head", "QH-CGJ", "chengguanyi", "戚明远"),
    Seat("CGJ-JZLJ-01", "建筑垃圾承办岗", "QH-CGJ", "reviewer", "QH-CGJ", "zhatu", "卢净"),
    Seat("SWJ-PS-01", "排水许可承办岗", "QH-SWJ", "reviewer", "QH-SWJ", "shuiwu", "江渠"),
    Seat("SWJ-SH", "水务审核岗", "QH-SWJ", "checker", "QH-SWJ", "shuiwush", "沈溪"),
    Seat("SWJ-LEAD", "水务分管局领导", "QH-SWJ", "approver", "QH-SWJ", "shuiwuju", "汪流"),
    Seat("SWJ-SB-01", "水土保持承办岗", "QH-SWJ", "reviewer", "QH-SWJ", "shuibao", "梁坡"),
    Seat("ZJJ-SGT-01", "施工图审查岗", "QH-ZJJ", "reviewer", "QH-ZJJ", "tushen", "方图"),
    Seat("ZJJ-XF-01", "消防设计审查岗", "QH-ZJJ", "reviewer", "QH-ZJJ", "xiaofang", "霍安"),
    Seat("ZJJ-XK-01", "施工许可承办岗", "QH-ZJJ", "reviewer", "QH-ZJJ", "shigong", "石起"),
    Seat("ZJJ-LEAD", "住建分管局领导", "QH-ZJJ", "approver", "QH-ZJJ", "zhujianju", "柳筑"),
    Seat("ZAZ-01", "质量安全监督承办岗", "QH-ZAZ", "reviewer", "QH-ZAZ", "zhian", "秦正"),
    Seat("ZAZ-02", "质量安全监督核查岗", "QH-ZAZ", "reviewer", "QH-ZAZ", "zhianhc", "纪稳"),
    Seat("ZAZ-LEAD", "质量安全监督站站长", "QH-ZAZ", "approver", "QH-ZAZ", "zhianzhan", "曹严"),
    Seat("RFB-01", "人防审核承办岗", "QH-RFB", "reviewer", "QH-RFB", "renfang", "岳防"),
    Seat("RFB-LEAD", "人防办分管领导", "QH-RFB", "approver", "QH-RFB", "renfangban", "戴山"),
    Seat("ZJJ-XM", "工程建设项目管理岗", "QH-ZJJ", "reviewer", "QH-ZJJ", "zhujian", "邵建"),
    Seat("XFJY-JC-01", "消防检查承办岗", "QH-XFJY", "reviewer", "QH-XFJY", "xfchengban", "石安澜"),
    Seat("XFJY-HC", "消防现场检查岗", "QH-XFJY", "reviewer", "QH-XFJY", "xfjiancha", "丁防"),
    Seat("XFJY-LEAD", "消防救援大队领导", "QH-XFJY", "approver", "QH-XFJY", "xfdadui", "任守安"),
    Seat("YBJ-01", "医保经办岗", "QH-YBJ", "reviewer", "QH-YBJ", "yibao", "宁守康"),
    Seat("YBJ-LEAD", "医保分管局领导", "QH-YBJ", "approver", "QH-YBJ", "yibaoju", "安怀和"),
    Seat("RSJ-01", "社保卡承办岗", "QH-RSJ", "reviewer", "QH-RSJ", "shebao", "常思乐"),
    Seat("RSJ-LEAD", "人社分管局领导", "QH-RSJ", "approver", "QH-RSJ", "renshe", "季兴"),
    Seat("GAJ-HJ-01", "户籍业务负责岗", "QH-GAJ", "reviewer", "QH-GAJ", "huji", "严守籍"),
    Seat("FYBJY-01", "出生和接种证明负责岗", "QH-FYBJY", "reviewer", "QH-FYBJY", "fuyou", "温育安"),
    Seat("ZF-FGLD", "分管区领导", "QH-ZF", "government_head", "", "quzhang", "高远"),
    Seat("QH-SXBJ", "事项编辑岗", "QH-ZWZX", "catalogue_editor", "", "bianji", "叶知秋"),
    Seat("QH-SXSH", "事项审核岗", "QH-ZWZX", "catalogue_reviewer", "", "shending", "范定"),
    Seat("ZF-FZ-01", "法制审核岗", "QH-ZF", "law_officer", "", "fazhi", "程律"),
    Seat("ZF-FZ-02", "法制复核岗", "QH-ZF", "law_officer", "", "fuhe", "商典"),
    Seat("QH-CW", "财务岗", "QH-ZF", "finance_officer", "", "caiwu", "钱正"),
    Seat("QH-SJGL", "数据管理岗", "QH-ZWZX", "data_steward", "", "shuju", "林素"),
    Seat("QH-DTGL", "大厅管理岗", "QH-ZWZX", "hall_manager", "", "dating", "丁值守"),
    Seat("QH-QL-DB", "青澜社区代办员", "QH-ZWZX", "village_agent", "", "daiban", "欧阳助"),
    Seat("QH-HT-DB", "上禾塘村代办员", "QH-ZWZX", "village_agent", "", "daiban2", "何帮"),
    Seat("QH-XN", "效能监督岗", "QH-ZWZX", "efficiency_supervisor", "", "xiaoneng", "沈明"),
    Seat("QH-XT", "系统管理岗", "QH-ZWZX", "system_officer", "", "xitong", "孙系统"),
    Seat("QH-AQ", "安全管理岗", "QH-ZWZX", "security_officer", "", "anquan", "吴安"),
    Seat("QH-SJ", "审计管理岗", "QH-ZWZX", "audit_officer", "", "shenji", "郑审"),
    Seat("LB-HALL-01", "临泊综合窗口1号", "LB-ZWZX", "window_clerk", "", "linbo", "桑临溪", NEIGHBOUR),
    Seat("LB-HALL-02", "临泊综合窗口2号", "LB-ZWZX", "window_clerk", "", "linbo2", "闻泊宁", NEIGHBOUR),
    Seat("LB-DTGL", "临泊大厅管理岗", "LB-ZWZX", "hall_manager", "", "linboguanli", "柏守平", NEIGHBOUR),
    Seat(
        "LB-SCJG-01", "临泊食品许可承办岗", "LB-SCJG", "reviewer", "LB-SCJG", "linbosp", "苗知味", NEIGHBOUR
    ),
)


def key(what: str) -> CommandKey:
    """The same key each time, so that loading again changes nothing."""
    return CommandKey(uuid5(NAMESPACE_URL, f"mingqu:demo:{what}"))


def totp_secret(username: str) -> str:
    """Known to everybody, which is why only a demo installation accepts it (identity.seed_totp)."""
    return base64.b32encode(hashlib.sha256(f"mingqu-demo:{username}".encode()).digest()[:20]).decode("ascii")


def build(at: Instant) -> None:
    """Departments, seats and seals; idempotent."""
    departments: dict[str, UUID] = {}
    for region, rows in ((REGION, DEPARTMENTS), (NEIGHBOUR, NEIGHBOURS)):
        for code, name, parent, credit_code in rows:
            draft = NewDepartment(code, name, region, departments.get(parent), credit_code)
            made = identity.create_department(draft=draft, by=SYSTEM, at=at, key=key(f"d:{code}"))
            departments[code] = made
    for seat in SEATS:
        _seat(seat, departments, at)
    _deputy("CGJ-SRHJ-01", of="chengguan", by="zhatu", at=at)
    names = {code: name for code, name, _, _ in DEPARTMENTS}
    for code in SEALED:
        documents.provide_organ_key(
            founding=True, organ_code=code, organ_name=names[code], by=SYSTEM, at=at, key=key(f"seal:{code}")
        )


def _deputy(post: str, *, of: str, by: str, at: Instant) -> None:
    """AB岗: a fortnight's leave; the other handles the post's steps with both names."""
    day = legal_day(at)
    span = Span(day, day + timedelta(days=14), people.staff_account(of).pk)
    identity.assign_post(
        user_id=people.staff_account(by).pk,
        post_id=people.post_by_code(post).pk,
        span=span,
        by=SYSTEM,
        at=at,
        key=key(f"deputy:{post}"),
    )


def publish(at: Instant, since: Mapping[str, Instant]) -> None:
    """The services and what is done together; idempotent. `since`: when what was not published now was."""
    for path in sorted(DEFINITIONS.glob("*.yaml")):
        document = read_document(path.read_bytes())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        catalogue.publish_revision(
            document=document,
            by=SYSTEM,
            at=since.get(document["item"]["code"], at),
            key=key(f"publish:{digest}"),
            files=form_files(),
        )
    for path in sorted(BUNDLES.glob("*.yaml")):
        document = read_document(path.read_bytes())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        bundles.publish_bundle(document=document, by=SYSTEM, at=at, key=key(f"bundle:{digest}"))


def form_files() -> Files:
    """Drawn samples, decision tables and drawings of processes that come with the definitions."""
    found = dict(stored_file("application/pdf", path.read_bytes()) for path in sorted(FORMS.glob("*.pdf")))
    for kind in ("dmn", "bpmn"):
        found |= dict(stored_file(kind, path.read_bytes()) for path in sorted(DEFINITIONS.glob(f"*.{kind}")))
    return found


def _seat(seat: Seat, departments: dict[str, UUID], at: Instant) -> None:
    post_id = identity.create_post(
        draft=NewPost(seat.code, seat.name, departments[seat.department], ()),
        by=SYSTEM,
        at=at,
        key=key(f"p:{seat.code}"),
    )
    region = "" if seat.role in OFFICERS else seat.region
    identity.grant_role(
        post_id=post_id,
        role=seat.role,
        within=Within(region, departments[seat.within] if seat.within else None),
        by=SYSTEM,
        at=at,
        key=key(f"g:{seat.code}"),
    )
    user_id = identity.create_user(
        draft=NewAccount(seat.username, seat.person, PASSWORD, must_change_password=False),
        by=SYSTEM,
        at=at,
        key=key(f"u:{seat.username}"),
    )
    identity.seed_totp(
        user_id=user_id, secret=totp_secret(seat.username), by=SYSTEM, at=at, key=key(f"t:{seat.username}")
    )
    identity.assign_post(
        user_id=user_id, post_id=post_id, span=Span(SINCE), by=SYSTEM, at=at, key=key(f"h:{seat.username}")
    )
