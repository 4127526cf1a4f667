"""The demo district loads by commands, twice without a second effect, and only into a demo installation."""

import pytest
from django.conf import settings

from mingqu.cases.models import Bundle, BundlePart, Case, Project
from mingqu.config import demo
from mingqu.config.demo.stories import STORIES
from mingqu.config.demo.walk_ins import WALK_INS
from mingqu.kernel.models import AuditEntry


@pytest.mark.django_db
def test_loading_twice_is_loading_once():
    demo.load()
    entries, cases = AuditEntry.objects.count(), Case.objects.count()

    demo.load()

    assert (AuditEntry.objects.count(), Case.objects.count()) == (entries, cases)
    assert (Bundle.objects.count(), Project.objects.count()) == (1, 1)
    assert set(BundlePart.objects.values_list("state", flat=True)) == {"granted", "due"}
    assert cases == len(STORIES) + len(WALK_INS)
    assert {"received", "correction", "accepted", "decided", "withdrawn", "not_required"} <= set(
        Case.objects.values_list("status", flat=True)
    )


def test_demo_data_never_loads_into_a_real_site(monkeypatch):
    monkeypatch.setattr(settings, "MINGQU_DEMO", False)

    with pytest.raises(RuntimeError, match="real site"):
        demo.load()
