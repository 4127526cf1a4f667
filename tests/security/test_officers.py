"""The three officers: nobody gives themselves more than they were given (GB/T 22239-2019 8.1.4.2)."""

import pytest

from mingqu.identity import services
from mingqu.identity.errors import OwnPost
from mingqu.identity.models import PostHolding
from mingqu.identity.tests import factories
from mingqu.identity.types import Span
from mingqu.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["approver", "data_steward", "window_clerk"])
def test_a_security_officer_does_not_take_a_post_for_herself(role):
    """Granting to the own post was refused; to take a post that has the role came to the same."""
    security = factories.staff_actor("security_officer")
    coveted = factories.post(None, role)

    with pytest.raises(OwnPost):
        services.assign_post(
            user_id=security.user_id,
            post_id=coveted,
            span=Span(factories.LONG_AGO),
            by=security,
            at=factories.NOON,
            key=new_id(),
        )

    assert not PostHolding.objects.filter(user_id=security.user_id, post_id=coveted).exists()
