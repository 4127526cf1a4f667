"""A filter of RFC 7644 3.4.2.2 as a condition of the database."""

from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db.models import Q
from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from mingqu.identity.scim import selectors
from mingqu.identity.scim.resources import User
from mingqu.identity.scim.types import RegisterView

LONGEST, MOST_PARTS = 1000, 20


def condition(text: str, of: RegisterView) -> Q:
    """
    What can be asked: userName, id, externalId and active by eq and ne (names are kept encrypted and compare to
    nothing), joined by and, or, not. Raises InvalidFilterException.
    """
    if not text:
        return Q()
    if len(text) > LONGEST or text.count("(") > MOST_PARTS:
        raise InvalidFilterException(detail="The filter is too long.")
    return _Conditions(of).visit(ScimFilter[User](text).ast)


class _Conditions(FilterVisitor[Q]):
    def __init__(self, of: RegisterView) -> None:
        self.of = of

    def visit_comparison(self, node: Comparison) -> Q:
        if node.op not in {CompareOperator.eq, CompareOperator.ne} or node.attr_path.sub_attr:
            raise InvalidFilterException(detail=f"{node} can't be asked here: only eq and ne.")
        found = self._equal(node.attr_path.attr.lower(), node.value)
        return found if node.op == CompareOperator.eq else ~found

    def _equal(self, name: str, value: object) -> Q:
        if name == "active" and isinstance(value, bool):
            return Q(is_active=value)
        if name == "username" and isinstance(value, str):
            return Q(username=value.strip().lower())
        if name == "externalid" and isinstance(value, str):
            return Q(register_entry__external_index=selectors.external_index(self.of.id, value))
        if name == "id" and isinstance(value, str):
            try:
                return Q(pk=UUID(value))
            except ValueError:
                return Q(pk__in=())
        raise InvalidFilterException(detail=f"{name} can't be asked for here.")

    def visit_present(self, node: Present) -> Q:
        name = node.attr_path.attr.lower()
        if name == "externalid":
            return Q(register_entry__register_id=self.of.id, register_entry__external_index__isnull=False)
        if name in {"username", "id", "active", "displayname"}:
            return ~Q(pk__in=())
        raise InvalidFilterException(detail=f"{name} can't be asked for here.")

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        join = and_ if node.op == LogicalOperator.and_ else or_
        return reduce(join, (self.visit(term) for term in node.terms))

    def visit_value_path(self, node: ValuePath) -> Q:
        raise InvalidFilterException(detail=f"{node} can't be asked here.")

    def visit(self, node: FilterNode) -> Q:
        return super().visit(node)
