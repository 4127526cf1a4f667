"""
A client that files and handles cases on a running installation while its parts are killed.

    python -m tests.kill.client JOURNAL NUMBER SEED

As any client must, it makes a key where the deed is decided and repeats the deed with it until there is an
answer. Each deed goes to the journal twice: before it is first sent, and once it was answered. Ends on SIGTERM
after the deed at hand. One line of JSON each; see `checks` for what is made of them.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any, TextIO
from uuid import UUID, uuid4

PATIENCE = 120.0  # seconds a deed may stay unanswered: longer than any part is away
PAUSE = 1.0  # longest, between two deeds: papers are made as fast as they are asked for
AGAIN = 0.25  # how often an answered deed is sent once more, as by a second click


class Journal:
    """What this client set out to do and what it was told."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, what: str, **said: Any) -> None:
        self.file.write(json.dumps({"what": what, **said}, default=str) + "\n")
        self.file.flush()


class Client:
    """One citizen with always another application, and the officers who handle it."""

    def __init__(self, journal: Journal, number: int, chance: random.Random) -> None:
        self.journal, self.chance, self.stopping = journal, chance, False
        self.number = number

    def insist(self, name: str, root_id: UUID, deed: Callable[[UUID], Any]) -> Any:
        """Do a command with one key until it is answered; sometimes once more after that."""
        time.sleep(self.chance.random() * PAUSE)
        key = uuid4()
        self.journal.write("meant", name=name, root=root_id, key=key)
        result = self.answered(lambda: deed(key))
        self.journal.write("done", name=name, root=root_id, key=key, result=plain(result))
        if self.chance.random() < AGAIN and (again := plain(self.answered(lambda: deed(key)))) != plain(
            result
        ):
            self.journal.write("wrong", name=name, root=root_id, why=f"{plain(result)}, then {again}")
        return result

    def answered(self, deed: Callable[[], Any]) -> Any:
        """The answer, however often the connection breaks. What is not a broken connection is raised."""
        from django.db import InterfaceError, OperationalError, connection

        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return deed()
            except (OperationalError, InterfaceError):
                connection.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    # --- the life of a case ----------------------------------------------------------------

    def open_account(self) -> Any:
        from django.utils import timezone

        from mingqu.identity import selectors, services
        from mingqu.kernel.identifiers import CitizenNumber
        from mingqu.kernel.types import Actor

        phone, at = f"1990000{5000 + self.number:04d}", timezone.now()
        user = self.answered(
            lambda: selectors.citizen_with_phone(phone) or services.open_account(phone=phone, at=at)
        )
        name, number = (
            f"甲{self.number}",
            CitizenNumber.build("990104", date(1980, 2, 29), f"{self.number:03d}"),
        )
        actor = Actor("citizen", user.person_id, user_id=user.id, name=name)
        self.insist(
            "identity.declare",
            user.person_id,
            lambda key: services.declare_identity(
                person_id=user.person_id, name=name, citizen_number=str(number), by=actor, at=at, key=key
            ),
        )
        return actor

    def run(self) -> None:
        from mingqu.config.demo import stories

        citizen, staff = self.open_account(), self.answered(stories._staff)
        while not self.stopping:
            case_id, number = self.file(citizen)
            way = self.chance.choice(
                ("desk", "desk", "granted", "granted", "refused", "withdrawn", "corrected")
            )
            self.journal.write("filed", root=case_id, number=number, way=way)
            if way != "desk":  # those are accepted over HTTP, by the test's own officer
                self.handle(case_id, way, citizen, staff)

    def file(self, citizen: Any) -> tuple[UUID, str]:
        from django.utils import timezone

        from mingqu.cases import services

        # A draft has no key: what broke while it was filled in is filled in anew, as a person would.
        draft_id, version = self.answered(lambda: self.draft(citizen))
        filed = self.insist(
            "case.file",
            draft_id,
            lambda key: services.file_case(
                draft_id=draft_id, base_version=version, by=citizen, at=timezone.now(), key=key
            ),
        )
        return filed.case_id, filed.number

    def draft(self, citizen: Any) -> tuple[UUID, int]:
        from django.utils import timezone

        from mingqu.cases.services.files import Holder, Upload, add_draft_files
        from mingqu.cases.tests.factories import ANSWERS, PNG, SITUATION
        from mingqu.catalogue import selectors as catalogue
        from mingqu.forms import services as forms

        item, definition = catalogue.current_definition("QH-SPJYXK")
        at = timezone.now()
        started = forms.start_draft(
            about=item.code,
            form_digest=item.current.digest,
            context={
                "revision_id": str(item.current_id),
                "situation": SITUATION,
                "delivery": "electronic",
            },
            by=citizen,
            at=at,
            answers=ANSWERS,
        )
        for material in catalogue.situation_of_answers(definition, SITUATION).materials:
            add_draft_files(
                draft_id=started.draft_id,
                material=material.code,
                uploads=[Upload(f"{material.code}.png", PNG)],
                holder=Holder(citizen),
                at=at,
            )
        return started.draft_id, started.version

    def handle(self, case_id: UUID, way: str, citizen: Any, staff: dict[str, Any]) -> None:
        from django.utils import timezone

        from mingqu.cases import services
        from mingqu.cases.types import Asked, Finding
        from mingqu.process import selectors as tasks

        def do(name: str, command: Callable[..., Any], by: Any, **given: Any) -> None:
            self.insist(
                name,
                case_id,
                lambda key: command(case_id=case_id, by=by, at=timezone.now(), key=key, **given),
            )

        if way == "corrected":
            asked = [Asked("floor-plan", "看不清尺寸")]
            do("case.ask_correction", services.ask_correction, staff["window"], asked=asked)
            return
        do("case.accept", services.accept_case, staff["window"])
        if way == "withdrawn":
            do("case.withdraw", services.withdraw_case, citizen)
            return
        while open_now := [t for t in self.answered(lambda: tasks.open_tasks(case_id)) if t.step != "decide"]:
            task = open_now[0]
            finding = Finding("met", "符合要求。", second_officer="赵一凡" if task.people > 1 else "")
            given = {"task_id": task.task_id, "finding": finding}
            do("case.review", services.complete_step, staff[task.step], **given)
        reasons = "" if way == "granted" else "场所不符合条件"
        do("case.decide", services.decide_case, staff["lead"], outcome=way, reasons=reasons)


def plain(result: Any) -> Any:
    from mingqu.kernel.json import plain as as_json

    return as_json(result)


def main() -> None:
    journal_path, number, seed = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
    import django

    django.setup()
    with open(journal_path, "a", encoding="utf-8") as file:
        journal = Journal(file)
        client = Client(journal, int(number), random.Random(seed))
        signal.signal(signal.SIGTERM, lambda *_: setattr(client, "stopping", True))
        try:
            client.run()
        except Exception as error:
            # A refusal too: nobody but this client touches these cases, so none of its deeds may be refused.
            journal.write("wrong", name="client", root="", why=repr(error))
            raise
        journal.write("ended")


if __name__ == "__main__":
    main()
