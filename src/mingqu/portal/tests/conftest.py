import pytest

from mingqu.cases.tests import factories as f
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people


@pytest.fixture
def w(db):
    """The bureau with its published service and a citizen."""
    return f.world()


@pytest.fixture
def citizen(client, w):
    """The browser of that citizen."""
    return people.signed_in(client, User.objects.get(pk=w.citizen.user_id))
