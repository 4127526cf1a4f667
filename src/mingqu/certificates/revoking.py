"""On which grounds a certificate is revoked, and how the holder was heard. Pure: 行政许可法 7, 69, 79."""

from collections.abc import Mapping
from dataclasses import dataclass

LICENCE = "01"  # 行政许可, of the types of items: 行政许可法 holds for it alone
OTHER, DECEIT = "other", "deceit"
LAW = "《中华人民共和国行政许可法》"


@dataclass(frozen=True)
class Ground:
    """`words`: as the law has it; `place`: where it stands."""

    words: str
    place: str


GROUNDS: Mapping[str, Ground] = {
    "abuse": Ground("行政机关工作人员滥用职权、玩忽职守作出准予决定", "第六十九条第一款第（一）项"),
    "beyond": Ground("超越法定职权作出准予决定", "第六十九条第一款第（二）项"),
    "procedure": Ground("违反法定程序作出准予决定", "第六十九条第一款第（三）项"),
    "unqualified": Ground("对不具备申请资格或者不符合法定条件的申请人准予", "第六十九条第一款第（四）项"),
    OTHER: Ground("依法可以撤销的其他情形", "第六十九条第一款第（五）项"),
    DECEIT: Ground("以欺骗、贿赂等不正当手段取得", "第六十九条第二款"),
}
HEARD: Mapping[str, str] = {
    "statement": "已经书面告知，听取了陈述、申辩",
    "hearing": "已经举行听证",
    "nothing_said": "已经书面告知，在告知的期限内没有提出陈述、申辩",
}


def heard_words(heard: str) -> str:
    """The same as the decision goes on after the day on which the holder was told."""
    return HEARD[heard].removeprefix("已经书面告知，").removeprefix("已经")


def grounds_for(item_type: str) -> list[str]:
    """What is no licence is revoked only as the law it rests on says, which is to be named."""
    return list(GROUNDS) if item_type == LICENCE else [OTHER]


def basis_words(ground: str, named: str, item_type: str) -> str:
    """What the decision rests on, in full: the article of 行政许可法, the law that was named, or both."""
    parts = [f"{LAW}{GROUNDS[ground].place}"] if item_type == LICENCE else []
    return "、".join([*parts, *([named.strip()] if named.strip() else [])])


def consequence(ground: str, item_type: str) -> str:
    """What follows for the holder; "" where no law of ours says (69, fourth paragraph; 79)."""
    if item_type != LICENCE:
        return ""
    if ground == DECEIT:
        return (
            f"基于这项行政许可取得的利益不受保护（{LAW}第六十九条第四款）。属于直接关系公共安全、人身健康、生命财产安全"
            "事项的，三年内不得再次申请（第七十九条）。"
        )
    return f"合法权益因撤销受到损害的，本机关依法给予赔偿（{LAW}第六十九条第四款）。"
