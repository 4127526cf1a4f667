"""On which grounds a certificate is struck off ex officio (依职权注销). Pure: 行政许可法 70."""

from collections.abc import Mapping
from dataclasses import dataclass

LAW = "《中华人民共和国行政许可法》"
LICENCE = "01"  # 行政许可, of the types of items: 行政许可法 holds for it alone
OTHER, DIED, DISSOLVED, WITHHELD = "other", "died", "dissolved", "penalty"
BY_STATE: Mapping[str, str] = {
    "expired": "expired",
    "revoked": "revoked",
    "withdrawn": "revoked",
    "lapsed": OTHER,
}


@dataclass(frozen=True)
class Ground:
    """`words`: as the law has it; `place`: where it stands; `proof`: by what it is known, or ""."""

    words: str
    place: str
    proof: str = ""


GROUNDS: Mapping[str, Ground] = {
    "expired": Ground("行政许可有效期届满未延续", "第七十条第（一）项"),
    DIED: Ground(
        "持证人死亡或者丧失行为能力，许可是赋予公民特定资格的",
        "第七十条第（二）项",
        "死亡证明或者法院判决的名称、文号",
    ),
    DISSOLVED: Ground("法人或者其他组织依法终止", "第七十条第（三）项", "注销登记通知书等文书的名称、文号"),
    "revoked": Ground("行政许可依法被撤销、撤回", "第七十条第（四）项"),
    WITHHELD: Ground("行政许可证件依法被吊销", "第七十条第（四）项", "吊销决定书的文号"),
    "impossible": Ground(
        "因不可抗力导致行政许可事项无法实施", "第七十条第（五）项", "说明不可抗力的文书名称、文号"
    ),
    OTHER: Ground("法律、法规规定应当注销的其他情形", "第七十条第（六）项"),
}


def grounds_for(item_type: str, state: str, holder_kind: str) -> list[str]:
    """
    Which grounds can be true of a certificate in this state, of a person's or a firm's. What is no licence is struck
    off only as its own law says, which is to be named.
    """
    if item_type != LICENCE:
        return [OTHER]
    if state in BY_STATE and BY_STATE[state] != OTHER:
        return [BY_STATE[state]]
    whose = DIED if holder_kind == "person" else DISSOLVED
    return [whose, WITHHELD, "impossible", OTHER]


def basis_words(ground: str, named: str, item_type: str) -> str:
    """What it rests on, in full: the article of 行政许可法, the law that was named, or both."""
    parts = [f"{LAW}{GROUNDS[ground].place}"] if item_type == LICENCE else []
    return "、".join([*parts, *([named.strip()] if named.strip() else [])])
