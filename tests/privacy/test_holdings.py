"""
Whatever names a person in a table is in the copy of her data (个人信息保护法 45), or stands here with the reason.

A column names a citizen by one of these words; what officers do in office (`…_by`, `post_id`) is the organ's record.
"""

from django.apps import apps
from django.db.models import UUIDField

from mingqu.identity.services import own_data

WORDS = {
    "agent_id", "applicant_id", "handler_id", "holder_id", "owner_id", "party_id", "payer_id", "person_id",
    "principal_id", "user_id",
}  # fmt: skip
OFFICERS = "an officer, in office"
NOT_IN_THE_COPY = {
    "cases.AfterCheck.person_id": OFFICERS,
    "cases.Announcement.person_id": OFFICERS,
    "cases.Arrival.person_id": OFFICERS,
    "cases.Decision.person_id": OFFICERS,
    "cases.Discretion.person_id": OFFICERS,
    "cases.MaterialMark.person_id": OFFICERS,
    "cases.Opinion.person_id": OFFICERS,
    "cases.Recusal.person_id": OFFICERS,
    "cases.ServiceOfPaper.person_id": OFFICERS,
    "cases.SignedCommitment.person_id": "part of an application, shown on its page with the signature",
    "catalogue.DraftVersion.person_id": OFFICERS,
    "catalogue.DutyDone.person_id": OFFICERS,
    "certificates.Measure.person_id": OFFICERS,
    "certificates.Revocation.person_id": OFFICERS,
    "certificates.StrikeOff.person_id": OFFICERS,
    "exchange.OutsideState.person_id": OFFICERS,
    "identity.PartyNumber.party_id": "a digest of the number that stands under 本人",
    "identity.ScanSignIn.user_id": "two minutes of a sign-in, swept within the hour",
    "notifications.Outgoing.person_id": "the same words as the message in the inbox, on their way out",
    "notifications.ClosedPaper.person_id": OFFICERS,
    "notifications.ServiceRecord.person_id": OFFICERS,
    "regulation.Inspection.person_id": OFFICERS,
    "regulation.PutOff.person_id": OFFICERS,
    "notifications.ToldFact.person_id": "that a message was sent, which is in the copy itself",
    "outreach.Errand.agent_id": "an agent of a service point, in office",
    "outreach.Collected.agent_id": OFFICERS,
    "payments.Difference.owner_id": OFFICERS,
    "payments.Payment.person_id": OFFICERS,
}


def naming_somebody() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("mingqu.")
        for field in model._meta.local_fields
        if isinstance(field, UUIDField) and field.name in WORDS
    }


def test_each_column_that_names_a_person_is_in_the_copy_or_left_out_for_a_reason() -> None:
    covered = set().union(*(one.names for one in own_data.holdings()))
    found = naming_somebody()

    assert len(found) > 30
    assert sorted(found - covered - NOT_IN_THE_COPY.keys()) == []
    assert sorted((covered | NOT_IN_THE_COPY.keys()) - found) == []
    assert sorted(covered & NOT_IN_THE_COPY.keys()) == []


def test_each_room_that_covers_a_column_shows_something() -> None:
    silent = [one.room for one in own_data.holdings() if one.names and one.copy is own_data.Holding.copy]
    assert silent == []
