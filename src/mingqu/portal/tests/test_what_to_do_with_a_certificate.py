"""变更 延续 补办 注销 from one's certificates: offered when they can be applied for, and else it is said from when."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_later_life as later_life
from mingqu.certificates import selectors as certificates
from mingqu.portal.selectors import later
from mingqu.ui.text import zh_day

pytestmark = pytest.mark.django_db


def steps(certificate_id, at):
    return {step.label: step for step in later.next_steps(certificates.certificate(certificate_id, at))}


def test_long_before_its_end_a_renewal_is_shown_with_its_first_day_and_without_a_link(w):
    issued = later_life.licence(w)

    renewal = steps(issued.certificate_id, f.FRIDAY_NOON)["延续"]

    opens = certificates.certificate(issued.certificate_id, f.FRIDAY_NOON).renew_from
    assert (renewal.url, renewal.hint) == ("", f"{zh_day(opens)}起可以申请")


def test_while_an_application_on_it_is_under_way_nothing_else_is_offered_but_the_way_to_that_one(w):
    issued = later_life.licence(w)
    when = f.FRIDAY_NOON + timedelta(minutes=5)
    case = later_life.file(w, later_life.draft(w, "change", issued.certificate_id, when), when)

    (only,) = steps(issued.certificate_id, when).values()

    assert only.url == f"/cases/{case.number}/progress/" and only.label == "正在变更，看办到哪了"


def test_when_it_is_withdrawn_they_are_offered_again(w):
    issued = later_life.licence(w)
    when = f.FRIDAY_NOON + timedelta(minutes=5)
    case = later_life.file(w, later_life.draft(w, "change", issued.certificate_id, when), when)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=when, key=uuid4())

    assert {"变更", "补办", "注销"} <= set(steps(issued.certificate_id, when))
