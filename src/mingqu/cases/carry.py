"""
What an application about a certificate need not ask again: the lines of the certificate, and the answers of the
application that brought it (国务院令第716号 7).
"""

from collections.abc import Mapping
from typing import Any

from mingqu.cases import selectors
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import Case
from mingqu.catalogue.types import CertificateField, Definition, Document
from mingqu.certificates.types import CertificateView
from mingqu.kernel.types import Actor


def lines(document: Document, certificate_type: str) -> list[CertificateField]:
    """The lines of certificates of this type, as any 业务办理项 of the service fills them; 新办 has them all."""
    found: dict[str, CertificateField] = {}
    for handling in document.handling:
        if handling.result and handling.result.certificate_type == certificate_type:
            for one in handling.result.fields:
                found.setdefault(one.code, one)
    return list(found.values())


def from_certificate(
    definition: Definition, known: list[CertificateField], values: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """
    (question → chosen values, form answers) that follow from what the certificate says, where a line is plainly one
    field of the form or one question; what is worked out of several can't be undone.
    """
    on_form = definition.form.schema.get("properties", {})
    questions = {q.ask: q for q in definition.situations}
    situation: dict[str, list[str]] = {}
    answers: dict[str, Any] = {}
    for one in known:
        where, _dot, name = one.value.strip().partition(".")
        text = values.get(one.code, "")
        if not text or not name.isidentifier():
            continue
        if where == "form" and on_form.get(name, {}).get("type") == "string":
            answers[name] = text
        if where == "situation" and name in questions:
            by_words = {words: value for value, words in questions[name].options.items()}
            chosen = [by_words[words] for words in text.split("、") if words in by_words]
            if chosen:
                situation[name] = chosen
    return situation, answers


def case_behind(by: Actor, certificate: CertificateView) -> Case | None:
    """The application that brought the certificate, if it was this person's."""
    if certificate.case_id is None:
        return None
    try:
        return selectors.case_visible_to_id(by, certificate.case_id)
    except CaseUnknown:
        return None


def situation_of(definition: Definition, case: Case) -> dict[str, list[str]]:
    """Its answers to questions that are asked again with the same choices."""
    found = {}
    for question in definition.situations:
        given = case.situation.get(question.ask, [])
        chosen = [
            str(v) for v in (given if isinstance(given, list) else [given]) if str(v) in question.options
        ]
        if chosen:
            found[question.ask] = chosen
    return found


def answers_of(definition: Definition, case: Case) -> dict[str, Any]:
    """Its answers to fields that the form has again under the same name and in the same shape."""
    before = selectors.definition_of(case).form.schema.get("properties", {})
    return {
        name: case.answers[name]
        for name, spec in definition.form.schema.get("properties", {}).items()
        if name in case.answers and before.get(name, {}).get("type") == spec.get("type")
    }
