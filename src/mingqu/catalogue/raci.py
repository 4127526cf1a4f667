"""
责任分工 (LAW-03), pure: who does, who answers, who is asked and who is told, as the step table of a 业务办理项 says.

Nothing is typed twice: a post has the part its step gives it. One post answers for the item (责任岗位); who decides
answers for the decision (行政许可法 37, 72).
"""

from mingqu.catalogue.types import Handling

DOES, ANSWERS, ASKED, TOLD = "负责办理", "承担责任", "参与意见", "应当告知"
APPLICANT = "申请人"


def part_of(kind: str) -> str:
    """What who answers a step of this kind has to do with it: 审核 takes part, 批准 answers for it."""
    return {"check": ASKED, "decide": ANSWERS}.get(kind, DOES)


def parts_of(handling: Handling, answers: str) -> list[tuple[str, str, list[str]]]:
    """Part, what it means, and codes of posts (systems and the applicant in words). `answers`: 责任岗位 of the item."""
    if handling.decide is None:
        return []
    steps = handling.steps
    does = [step.post for step in steps if step.kind != "check"]
    asked = [step.post for step in steps if step.kind == "check"]
    told = [step.system for step in steps if step.where in ("handed_over", "assisted") and step.system]
    return [
        (DOES, "承办和现场核查的岗位", _once(does or [handling.decide.post])),
        (ANSWERS, "对这个事项负责的岗位，和作出决定的岗位", _once([answers, handling.decide.post])),
        (ASKED, "审核的岗位", [one for one in _once(asked) if one not in does]),
        (TOLD, "每一步有了结果要告诉谁", _once([APPLICANT, *told])),
    ]


def _once(codes: list[str]) -> list[str]:
    return [code for code in dict.fromkeys(codes) if code]
