"""What is asked of a service that it has not."""

from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.catalogue import errors, selectors
from mingqu.catalogue.models import Revision
from mingqu.catalogue.search import errors as search
from mingqu.catalogue.search.models import SearchSaying
from mingqu.catalogue.search.services import switch_saying

pytestmark = pytest.mark.django_db


def test_a_handling_that_a_service_has_not_is_refused():
    f.world()

    with pytest.raises(errors.HandlingUnknown):
        selectors.current_definition("QH-SPJYXK", "QH-SPJYXK-09")


def test_what_only_informs_is_not_applied_for(monkeypatch):
    f.world()
    assert Revision.objects.filter(item__code="QH-SPJYXK").exists()
    monkeypatch.setattr(selectors, "complete", lambda handling: False)  # as with 查询 and 指引

    with pytest.raises(errors.NotApplicable):
        selectors.current_definition("QH-SPJYXK")


def test_a_saying_that_nobody_wrote_is_not_switched_off():
    with pytest.raises(search.SayingUnknown):
        switch_saying(everyday="没有人这样说", active=False, by=f.SYSTEM, at=f.FRIDAY_NOON, key=uuid4())
    assert not SearchSaying.objects.exists()
