"""Built to grow: every model is a root, a row of a root, or a reference table (design section 6)."""

import pytest
from django.apps import apps
from django.db import models

from mingqu.kernel.models import Reference, RootRow, ShardRoot

# Local tables: not sharded, held on the coordinator. Each with its reason.
LOCAL = {
    "kernel.CommandRecord": "keyed by root first",
    "kernel.AuditHead": "keyed by root",
    "kernel.AuditEntry": "keyed by root first",
    "kernel.UnsealedEntry": "keyed by root first",
    "kernel.CheckpointLeaf": "keyed by root first",
    "kernel.OutboxEvent": "keyed by root first",
    "kernel.Delivery": "keyed by root first",
    "kernel.DeadLetter": "keyed by root first",
    "kernel.Checkpoint": "one small table of the installation",
    "kernel.NumberSeries": "one small table of the installation",
    "kernel.PeriodicRun": "one small table of the installation",
    "identity.User": "accounts and sessions are local",
    "identity.PostHolding": "who holds a post goes with accounts",
    "identity.RegisterEntry": "what a staff register said of an account goes with accounts",
    "identity.Allowance": "counters of sign-in attempts",
}
OURS = [m for m in apps.get_models() if m.__module__.startswith("mingqu.")]


def names_in(constraint):
    """The columns of a constraint, named or as expressions."""
    return {*constraint.fields, *(e.name for e in constraint.expressions if isinstance(e, models.F))}


def own_root(model):
    """The column that is first in a composite key."""
    return model._meta.pk_fields[0] if len(model._meta.pk_fields) > 1 else None


def directory_tables():
    """Directory tables number → id (design section 6): they say so by `directory = True` or a known name."""
    return {m._meta.label for m in OURS if getattr(m, "directory", False)}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_a_model_is_a_root_a_row_of_a_root_or_a_reference(model):
    if issubclass(model, (ShardRoot, Reference, RootRow)):
        return
    if model._meta.label in LOCAL or model._meta.label in directory_tables():
        return
    first = own_root(model)

    assert first is not None, "give it a composite key whose first part is its root"
    assert isinstance(first, (models.ForeignKey, models.UUIDField))


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_foreign_keys_lead_only_to_the_root_or_to_reference_tables(model):
    wrong = [
        f"{field.name} -> {field.related_model._meta.label}"
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and field.related_model is not model
        and not issubclass(field.related_model, Reference)
        and field not in model._meta.pk_fields
        and field.related_model._meta.label not in LOCAL
    ]

    assert wrong == []


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_nothing_holds_a_foreign_key_to_a_child_row(model):
    wrong = [
        field.name
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and len(field.related_model._meta.pk_fields) > 1
    ]

    assert wrong == []


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_unique_constraints_of_sharded_tables_include_the_shard_key(model):
    root = own_root(model)
    if root is None or issubclass(model, Reference) or model._meta.label in LOCAL:
        return
    wrong = [
        c.name
        for c in model._meta.constraints
        if isinstance(c, models.UniqueConstraint) and root.name not in names_in(c)
    ]

    assert wrong == []
