"""
What a page shows of a name or number before somebody asks to see it (the asking is logged).

Pure. A mask never tells more than its rule: what is too short to mask is hidden whole.
"""

from __future__ import annotations

from typing import Final

STAR: Final = "*"
# Family names of two characters (《百家姓》); without the list 欧阳修 would show as 欧*.
_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离"
    "长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭"
    "南门羊舌微生公户公玉梁丘左丘东门西门第五"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
# What the name of a firm or body ends in, longest first; it is kept, the rest is hidden.
_ENDINGS = """
农民专业合作社 股份有限公司 有限责任公司 集团有限公司 个人独资企业 专业合作社 有限公司
有限合伙 合伙企业 中心小学
分公司 合作社 事务所 服务部 经营部 幼儿园 居委会 村委会 委员会 小吃店 便利店 饭店 餐馆 餐厅 超市 商店 商行
公司 协会 学校 小学 中学 医院 中心 店 厂 社 馆 部 局 院
"""
BODY_ENDINGS: Final = tuple(_ENDINGS.split())


def mask_name(name: str) -> str:
    """
    张*, 欧阳*; long minority names keep the first character (阿*), as do Latin ones.

    A firm or body keeps its last words and as much of the front as tells it from none: *有限公司.
    """
    name = name.strip()
    if not name:
        return ""
    ending = next((e for e in BODY_ENDINGS if name.endswith(e)), "")
    if ending and len(name) > max(4, len(ending)):
        return STAR + ending
    if len(name) in {3, 4} and name[:2] in COMPOUND_SURNAMES:
        return name[:2] + STAR
    return name[0] + STAR


def mask_number(number: str) -> str:
    """Citizen numbers and bank accounts: 9901**********1234. Shorter than 12: the last two at most."""
    return _keep(number, 4, 4) if len(number) >= 12 else _keep(number, 0, 2)


def mask_phone(number: str) -> str:
    """138****1234; a fixed line keeps its last two digits."""
    return _keep(number, 3, 4) if len(number) == 11 else _keep(number, 0, 2)


def mask_email(address: str) -> str:
    """l****@example.cn: the first sign and the host."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}{STAR * 4}@{host}" if at else STAR * len(address)


def mask_credit_code(code: str) -> str:
    """The first 2 and last 4: 91************0Y43 (where it belongs to one person's firm)."""
    return _keep(code, 2, 4)


def mask_address(address: str) -> str:
    """Down to the street or village and no further: 澜州市清禾区青澜街道****."""
    address = address.strip()
    for mark in ("街道", "乡", "镇", "社区", "村", "路", "街", "区", "县", "市"):
        at = address.find(mark, 1)
        if at > 0:
            return address[: at + len(mark)] + STAR * 4
    return STAR * 4 if address else ""


def _keep(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    if hidden < 1:
        return STAR * len(text)
    return text[:first] + STAR * hidden + (text[-last:] if last else "")
