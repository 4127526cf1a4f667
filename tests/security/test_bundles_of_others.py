"""Who sees a bundle because of one of its parts does not read through it what was handed in for another."""

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.models import MaterialFile
from mingqu.documents import selectors as documents
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db


def test_the_page_of_a_bundle_gives_its_papers_and_no_file_that_was_handed_in():
    w = b.world()
    b.seal_all()
    bundle = b.filed(w)
    b.make_papers()
    receipt = documents.documents_of(bundle.pk)[0].file_id
    handed_in = set(MaterialFile.objects.filter(root_id=bundle.pk).values_list("file_id", flat=True))
    assert receipt and handed_in

    for actor in (w.other["SWJ-PS-01"], w.clerk):
        client = people.signed_in(Client(), User.objects.get(pk=actor.user_id))
        codes = {
            file: client.get(reverse("workbench:bundle_paper", args=[bundle.number, file])).status_code
            for file in (receipt, *handed_in)
        }
        assert codes == {receipt: 200, **dict.fromkeys(handed_in, 404)}
