"""What is told upwards: a case that went its whole way."""

from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.evaluation.tests.factories import delivered_case, rate
from mingqu.identity.models import Department
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.relay import round_once

CODE = str(CreditCode.build("1", "1", "990104", "MA000001"))


def now():
    return timezone.now()


def told():
    while round_once(now()):
        pass


def delivered_and_told():
    """A delivered and rated case of an organ with a credit code; what happened was told."""
    w = f.world()
    Department.objects.filter(pk=w.bureau).update(credit_code=CODE)
    case = delivered_case(w)
    rate(w, case, 5, text="李晓禾很满意")
    told()
    return w, case
