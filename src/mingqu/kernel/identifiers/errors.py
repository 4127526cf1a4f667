"""The one refusal of every identifier: a stable code, a sentence, never the identifier itself."""

from __future__ import annotations

from typing import Final

from mingqu.kernel.errors import DomainError, spoken, to_citizens

# name, what it looks like, an example that belongs to nobody (printed in standards; a county that never was)
KINDS: Final[dict[str, tuple[str, str, str]]] = {
    "credit_code": (
        to_citizens("统一社会信用代码"),
        to_citizens("18位数字和大写字母（不用I、O、S、V、Z）"),
        "91990104MA0000998C",
    ),
    "organisation_code": ("组织机构代码", "9位数字和大写字母", "000013338"),
    "citizen_number": (
        to_citizens("公民身份号码"),
        to_citizens("18位，最后一位可以是X"),
        "11010519491231002X",
    ),
    "region_code": ("行政区划代码", "6位、9位或12位数字", "110105000000"),
    "base_code": ("基本编码", "12位数字和大写字母", "000117051000"),
    "task_code": ("实施编码", "31位数字和大写字母", "11440232MB2D06811W4000117051000"),
    "handling_item_code": ("业务办理项编码", "33位数字和大写字母", "11440232MB2D06811W400011705100001"),
    "case_number": (to_citizens("办件编号"), to_citizens("20位数字"), "990104 20261109 000318"),
    "national_case_number": (
        "国家办件编号",
        "43位数字和大写字母",
        "11440232MB2D06811W4000117051000202010200008",
    ),
    "certificate_id": (
        "电子证照标识",
        "六段，用“.”隔开",
        "1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y",
    ),
    "phone": (to_citizens("手机号码"), to_citizens("11位数字"), "19900001234"),
}

REASONS: Final[dict[str, str]] = {
    "empty": to_citizens("请填写{name}，例如{example}。"),
    "length": to_citizens("{name}应是{shape}，现在是{got}位。例如{example}。"),
    "characters": to_citizens("{name}应是{shape}，第{position}位不对。例如{example}。"),
    "check_character": to_citizens(
        "{name}对不上，请逐位核对，常见的是写错一位或相邻两位写反。例如{example}。"
    ),
    "organisation_check": to_citizens("{name}中第9至17位的组织机构代码对不上，请逐位核对。例如{example}。"),
    "birth_date": to_citizens("{name}第7至14位应是真实的出生日期，如19491231。例如{example}。"),
    "birth_date_future": to_citizens("{name}里的出生日期还没有到，请核对。例如{example}。"),
    "region_unknown": to_citizens("{name}前6位从来不是行政区划代码，请核对。例如{example}。"),
    "level": "{name}里的行使层级不对，应是1至6。例如{example}。",
    "day": to_citizens("{name}里的日期不存在，请核对。例如{example}。"),
    "structure": to_citizens("{name}应是{shape}。例如{example}。"),
    "serial": to_citizens("{name}里的流水号超出了范围。例如{example}。"),
    "prefix": to_citizens("{name}应以13至19开头，请填写中国内地的手机号码。例如{example}。"),
    "demo_only": to_citizens("这是演示用的{name}，只有演示站点接受。"),
}


class IdentifierRefused(DomainError):
    """
    An identifier that cannot be right.

    `code` is "<kind>_<reason>", for instance "citizen_number_check_character", and is stable.
    The refused text is not kept: it may be somebody's number, and exceptions reach logs.
    """

    code = "identifier_refused"

    def __init__(self, kind: str, reason: str, *, field: str = "", got: int = 0, position: int = 0) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(field=field, got=got, position=position)
        self.code = f"{kind}_{reason}"

    @property
    def message(self) -> str:
        name, shape, example = KINDS[self.kind]
        told = {"name": spoken(name), "shape": spoken(shape), "example": example}
        return spoken(REASONS[self.reason]).format(**told, **self.params)
