"""Two rows that came to one number in the moment the key changed are told, never settled by guessing."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from mingqu.kernel import rotation


def test_a_number_that_two_rows_have_is_told_and_the_other_places_are_repaired(monkeypatch):
    repaired = []

    def taken(version):
        raise IntegrityError

    places = {
        "people": rotation.Index("people", (), taken),
        "firms": rotation.Index("firms", (), lambda version: repaired.append(version) or 1),
    }
    monkeypatch.setattr(rotation, "_indexes", places)
    monkeypatch.setattr(rotation, "_lock", lambda index: None)
    monkeypatch.setattr(rotation, "transaction", SimpleNamespace(atomic=lambda using: nullcontext()))

    with pytest.raises(rotation.IndexTaken, match="people"):
        rotation._repair_indexes(3)
    assert repaired == [3]
