"""Stored plans: written once, found by digest, kept in memory since they never change."""

from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from mingqu.kernel.ids import new_id
from mingqu.process.errors import PlanUnknown
from mingqu.process.models import StoredPlan
from mingqu.process.plan import Plan, from_json, to_json

IN_MEMORY = 512


def keep(plan: Plan) -> str:
    """Store the plan if it is not; its digest."""
    given: list[Any] = [new_id(), plan.digest, Jsonb(to_json(plan))]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO process_storedplan (id, digest, content) VALUES (%s, %s, %s)"
            " ON CONFLICT (digest) DO NOTHING",
            given,
        )
    return plan.digest


@lru_cache(maxsize=IN_MEMORY)
def by_digest(digest: str) -> Plan:
    """Raises PlanUnknown; ValueError if what is stored is not what its digest says."""
    content = StoredPlan.objects.filter(digest=digest).values_list("content", flat=True).first()
    if content is None:
        raise PlanUnknown()
    plan = from_json(content)
    if plan.digest != digest:
        raise ValueError(f"plan {digest} was altered")
    return plan
