"""The same click again: the first answer, of which the clear part of the database keeps no code."""

from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.tests import factories as f
from mingqu.kernel.models import CommandRecord


@pytest.mark.django_db
def test_the_query_code_comes_again_with_the_same_key_and_is_not_in_the_record():
    w = f.world()
    draft, key = f.draft(w), uuid4()

    def click():
        return services.file_case(
            draft_id=draft.draft_id, base_version=draft.version, by=w.citizen, at=f.FRIDAY_NOON, key=key
        )

    first = click()

    assert len(first.query_code) > 5
    assert click() == first
    assert first.query_code not in str(CommandRecord.objects.get(root_id=draft.draft_id, key=key).result)
