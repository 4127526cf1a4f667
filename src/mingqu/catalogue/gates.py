"""
The three gates of an item, pure: is it *listed*, may it be *applied* for, does it rest on *law*.

Each gate is open, or shut by conditions with a stable code and a sentence an official understands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from mingqu.catalogue.rules import EX_OFFICIO, ON_APPLICATION, remedies_told
from mingqu.catalogue.types import Document, Handling
from mingqu.kernel.codelists import code_list

Gate = Literal["listed", "applicable", "lawful"]


@dataclass(frozen=True)
class Shut:
    """One condition that is not met: of which gate, which 业务办理项 (or none), in words."""

    gate: Gate
    code: str
    sentence: str
    handling: str = ""


class OfItem(Protocol):
    """What of an item decides whether it is in a list: codes of item, base directory, organ and type."""

    @property
    def code(self) -> str: ...
    @property
    def base_code(self) -> str: ...
    @property
    def organ(self) -> str: ...
    @property
    def type(self) -> str: ...


class Lists(Protocol):
    """
    What is entered in 权责清单 and 公共服务清单 (`directory.selectors.lists_in_force`). None: no edition of the list is
    in force for the region yet; then a basis that a person has confirmed counts as an entry.
    """

    def power_entry(self, item: OfItem) -> bool | None:
        """An active entry of the 权责清单 that rests on an article in force."""

    def service_entry(self, item: OfItem) -> bool | None:
        """An active entry of the 公共服务清单 with a stated basis."""


class NoLists:
    """Where no list is in force."""

    def power_entry(self, item: OfItem) -> bool | None:
        return None

    def service_entry(self, item: OfItem) -> bool | None:
        return None


@dataclass(frozen=True)
class Kept:
    """What an item's row says of it (`ServiceItem.lawful`), for pages that list many: no list is asked again."""

    lawful: bool

    def power_entry(self, item: OfItem) -> bool | None:
        return self.lawful

    def service_entry(self, item: OfItem) -> bool | None:
        return self.lawful


@dataclass(frozen=True)
class Gates:
    """What shuts each gate; a gate with nothing is open."""

    shut: list[Shut] = field(default_factory=list)

    def of(self, gate: Gate) -> list[Shut]:
        return [one for one in self.shut if one.gate == gate]

    def open(self, gate: Gate) -> bool:
        """`applicable` is open for an item as soon as one of its 业务办理项 can be applied for."""
        return not self.of(gate)


def gates(
    document: Document, lists: Lists | None = None, failed: Mapping[str, list[str]] | None = None
) -> Gates:
    """
    All three gates. `failed`: per 业务办理项 what its process or scenarios do not meet; without it they have passed,
    as with everything that was published.
    """
    return Gates(
        [
            *_listed(document),
            *_applicable(document, failed or {}),
            *_lawful(document, lists or NoLists()),
        ]
    )


def applicable_handling(handling: Handling) -> list[Shut]:
    """What keeps one 业务办理项 from being applied for."""
    found = []

    def shut(code: str, sentence: str) -> None:
        found.append(Shut("applicable", code, f"{handling.name}：{sentence}", handling.code))

    if handling.clocks is None:
        shut("no_limits", "没有写明法定期限和承诺期限（行政许可法第三十条：期限）")
    if handling.form is None:
        shut("no_form", "没有申请表")
    if handling.decide is None:
        shut("no_process", "没有办理环节和决定环节（行政许可法第三十条：程序）")
    if handling.result is None:
        shut("no_result", "没有写明办理结果")
    return found


def _listed(document: Document) -> list[Shut]:
    item = document.item
    needed = (
        ("no_name", item.name, "没有事项名称"),
        ("no_organ", item.organ, "没有实施机关"),
        ("no_telephone", document.guide.consult, "没有咨询电话"),
    )
    return [Shut("listed", code, sentence) for code, value, sentence in needed if not value.strip()]


def _applicable(document: Document, failed: Mapping[str, list[str]]) -> list[Shut]:
    kind = document.item.handling_kind
    if kind != ON_APPLICATION:
        words = code_list("handling_kind").name(kind)
        return [Shut("applicable", "not_on_application", f"办理性质是{words}，不在网上申请")]
    needed = (
        ("no_responsible_post", document.item.responsible_post, "没有责任岗位：每个事项要有一个岗位负责"),
        ("organ_missing", document.item.organ, "没有实施机关，没有人能受理申请，只能列出"),
    )
    nobody = [Shut("applicable", code, sentence) for code, value, sentence in needed if not value.strip()]
    nobody += [Shut("applicable", "no_remedies", sentence) for sentence in remedies_told(document)]
    if not document.handling:
        return [*nobody, Shut("applicable", "no_handling", "没有业务办理项")]
    found: list[Shut] = []
    open_ones = 0
    for handling in document.handling:
        own = applicable_handling(handling)
        own += [
            Shut("applicable", "scenario_failed", s, handling.code) for s in failed.get(handling.code, [])
        ]
        open_ones += not own
        found += own
    return [*found, *nobody] if nobody or not open_ones else []


def _lawful(document: Document, lists: Lists) -> list[Shut]:
    confirmed = any(ref.confirmed_by for ref in document.basis)
    shut = lawful(
        document.item, document.item.handling_kind, lists, stated=bool(document.basis), confirmed=confirmed
    )
    return [shut] if shut else []


def is_power(item_type: str) -> bool:
    """行政权力 (types 01 to 10), not 公共服务."""
    known = code_list("item_type")
    return item_type in known and bool(known.require(item_type).attributes["power"])


def lawful(item: OfItem, handling_kind: str, lists: Lists, *, stated: bool, confirmed: bool) -> Shut | None:
    """
    Why an item does not rest on law; None: it does. `stated`: its definition names a basis, `confirmed`: a person has
    confirmed that it rests on it.
    """
    if not stated:
        return Shut("lawful", "no_basis", "没有写明设定依据")
    if is_power(item.type):
        entered = lists.power_entry(item)
        if not (confirmed if entered is None else entered):
            why = "权责清单里没有依据现行条文的有效条目，或者设定依据还没有人确认"
            return Shut("lawful", "no_power_entry", why)
    elif handling_kind != EX_OFFICIO:
        entered = lists.service_entry(item)
        if not (confirmed if entered is None else entered):
            why = "公共服务清单里没有写明依据的条目，或者依据还没有人确认"
            return Shut("lawful", "no_service_entry", why)
    return None
