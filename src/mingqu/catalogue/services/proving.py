"""Whether what may be applied for carries an example that plays it through."""

from mingqu.catalogue import rules
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.types import Document, Handling, complete
from mingqu.catalogue.upgrades import upgraded
from mingqu.kernel import regions

NONE = (
    "还没有场景。能申请的办理项至少要有一个例子，发布前照它演算一遍：请到“场景”里点“按现在的定义生成一个场景”"
)


def unproved(whole: Document) -> list[str]:
    """
    业务办理项 that can be applied for and have no scenario: that the flow runs does not say that it is the one that
    was meant. Left alone are training regions, whose defaults nobody has confirmed, and what is in force just so: a new
    telephone number asks for no example.
    """
    bare = [one for one in whole.handling if complete(one) and not one.scenarios]
    if not bare or whole.item.handling_kind != rules.ON_APPLICATION:
        return []
    if regions.is_training(whole.item.region_code, now=True):
        return []
    known = _in_force(whole.item.code)
    return [f"{one.name}：{NONE}" for one in bare if one not in known]


def require_proved(whole: Document) -> None:
    """Of what staff hand in or publish. Raises DefinitionInvalid."""
    if problems := unproved(whole):
        raise DefinitionInvalid(problems)


def _in_force(code: str) -> list[Handling]:
    found = ServiceItem.objects.select_related("current").filter(code=code).exclude(current=None).first()
    if found is None or found.current is None:
        return []
    return rules.document_of(upgraded(found.current.document)).handling
