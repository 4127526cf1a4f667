"""
Nothing personal lies anywhere in the clear (design, section 4 rule 10).

A real installation with the demo's people: their applications handled, papers and certificates made, messages told,
people signed in by SMS code and by second factor, an officer who searched for somebody and looked at a name. Then
everything it has written is searched for every number, telephone, name and address of the demo register, and for
the codes that open something.
"""

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone
from psycopg import sql

from mingqu.config.demo import district, stories, together, walk_ins
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day
from tests.kill.browse import Browser
from tests.kill.installation import ROOT, Installation, installation
from tests.kill.test_kills import found, one_time_code
from tests.privacy import deeds
from tests.privacy.needles import Needle, find

# What may be found, and why.
EXCEPTIONS: dict[tuple[str, str], str] = {
    # (file, what it is): reason.
    (
        "terminal.log",
        "telephone",
    ): "`mingqu demo` prints on the terminal whom one can try out; they are fictional",
    ("terminal.log", "name"): "the same",
    ("terminal.log", "staff name"): "the same",
}
PROJECT = Needle("name of a project", together.PROJECT)
ON_PAPER = "在纸质送达回证上签名"
PLANTED = Needle("planted", "阿依古丽·测试·艾合买提")


def register(at: datetime) -> list[Needle]:
    """Every citizen number, telephone, name and address of the demo's people, and the names of its staff."""
    needles = []
    for number, story in enumerate(stories.STORIES, start=1):
        birth = legal_day(at).replace(year=1970 + number, month=3, day=number)
        needles += [
            Needle("citizen number", str(CitizenNumber.build("990104", birth, f"{number:03d}"))),
            Needle("telephone", story.phone),
            Needle("name", story.person),
            Needle("address", f"青澜街道示例路{len(story.shop)}号"),
        ]
    for place, one in enumerate(walk_ins.WALK_INS, start=1):
        birth = legal_day(at).replace(year=1980 + place, month=6, day=place)
        needles += [
            Needle("citizen number", str(CitizenNumber.build("990104", birth, f"{200 + place}"))),
            Needle("name", one.person),
        ]
        if home := one.answers.get("premises"):  # the site of a project is public with its decision
            needles.append(Needle("address", home))
        needles += [Needle("telephone", one.phone)] if one.phone else []
    needles += [Needle("proof of service", ON_PAPER)]
    return needles + [Needle("staff name", seat.person) for seat in district.SEATS]


def codes(made: Installation) -> list[Needle]:
    """What opens something: query codes, verification codes, one-time secrets, as the installation decrypts them."""
    program = (
        "import django, json; django.setup()\n"
        "from mingqu.cases.models import Case\n"
        "from mingqu.certificates.models import Certificate\n"
        "print(json.dumps([*Case.objects.values_list('query_code', flat=True)]))\n"
        "print(json.dumps([*Certificate.objects.values_list('verification_code', flat=True)]))\n"
        "from mingqu.notifications.models import DoubleSms\n"
        "print(json.dumps([*DoubleSms.objects.values_list('text', flat=True)]))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=made.client_environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    query, verification, texts = (json.loads(line) for line in said.stdout.splitlines())
    assert query and verification and texts
    return [
        *(Needle("query code", code) for code in query),
        *(Needle("verification code", code) for code in verification),
        *(
            Needle("secret of a second factor", district.totp_secret(seat.username))
            for seat in district.SEATS
        ),
    ]


def done_when_something_goes_wrong(made: Installation) -> list[Needle]:
    """Suspended, revoked, struck off, put off, ended, complained: what was typed; and who has booked a time."""
    environment = made.client_environment()
    subprocess.run([sys.executable, "-m", "tests.privacy.deeds"], env=environment, cwd=ROOT, check=True)
    program = (
        "import django, json; django.setup()\n"
        "from mingqu.hall.models import Booking\n"
        "print(json.dumps([*Booking.objects.values_list('name', 'phone')]))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    booked = [(name, phone) for name, phone in json.loads(said.stdout) if name]
    assert booked
    return [
        *(Needle(what, typed) for typed, what in deeds.TYPED.items()),
        *(Needle("name on a booking", name) for name, _phone in booked),
        *(Needle("telephone on a booking", phone) for _name, phone in booked if phone),
    ]


def use(made: Installation) -> None:
    """What people do: sign in, look, search, be refused."""
    story = stories.STORIES[0]
    citizen = Browser(made.url)
    citizen.sign_in_citizen(story.phone)
    for path in ("/", "/my/", "/my/profile/", "/my/messages/", "/certificates/"):
        assert citizen.insist(path)[0] == 200, path
    citizen.insist("/my/profile/phone/", {**citizen.form("/my/profile/phone/"), "phone": "12345"})
    stranger = Browser(made.url)
    stranger.insist("/sign-in/", {**stranger.form("/sign-in/"), "phone": stories.STORIES[1].phone})
    stranger.insist("/sign-in/code/", {**stranger.form("/sign-in/code/"), "code": "000000"})

    officer = Browser(made.url)
    officer.sign_in_staff("chuangkou", district.PASSWORD, lambda: one_time_code("chuangkou"))
    number = str(register(timezone.now())[0].value)
    searching = {**officer.form("/desk/search/"), "citizen_number": number}
    status, text, _ = officer.insist("/desk/search/", searching)
    case = re.search(r"/desk/cases/(\d{20})/", text)
    assert status == 200 and case, "the officer finds the applicant by number"
    officer.insist(f"/desk/search/?q={number}")
    page = f"/desk/cases/{case[1]}/"
    shown = {**officer.form(page), "why": reveal_purpose(officer.insist(page)[1])}
    status, text, _ = officer.insist(f"{page}applicant/", shown)
    assert story.person in text and number in text, "shown in the clear, for a purpose"


def reveal_purpose(page: str) -> str:
    options = re.search(r'name="why".*?</select>', page, re.S)
    assert options
    return re.findall(r'value="([^"]+)"', options[0])[0]


def dump(url: str, folder: Path) -> int:
    """COPY of every table of every schema into a file each; how many rows."""
    rows = 0
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT relnamespace::regnamespace::text, relname FROM pg_class"
            " WHERE relkind = 'r' AND relpersistence = 'p'"
        ).fetchall()
        for schema, table in tables:
            with connection.cursor() as cursor, (folder / f"{schema}.{table}").open("wb") as file:
                with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))) as copy:
                    for chunk in copy:
                        file.write(chunk)
                rows += cursor.rowcount
    return rows


def plant(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE planted (said text)")
        connection.execute("INSERT INTO planted VALUES (%s)", [PLANTED.value])
        connection.execute("CHECKPOINT")


@pytest.mark.site
@pytest.mark.timeout(900)
def test_nothing_personal_lies_in_the_clear(tmp_path):
    before, after = tmp_path / "dump", tmp_path / "dump-planted"
    before.mkdir()
    after.mkdir()
    with installation() as made:
        use(made)
        typed = done_when_something_goes_wrong(made)
        assert found(made, [])["wrong"] == [], "papers, messages and certificates are made"
        needles = register(timezone.now()) + codes(made) + typed
        assert dump(made.superuser_url(), before) > 1000
        plant(made.superuser_url())
        dump(made.superuser_url(), after)
        made.stop()
        logs = tmp_path / "logs"
        logs.mkdir()
        for log in (made.log, made.terminal, *made.home.glob("postgres.log*")):
            (logs / log.name).write_bytes(log.read_bytes())

        assert (logs / "installation.log").stat().st_size and (logs / "postgres.log").stat().st_size
        assert find(needles, before, binary=False) == []
        # The definitions of the demo name the project as an example; the project itself is encrypted.
        named = {file for file, _, _ in find([PROJECT], before, binary=False)}
        assert all(file.startswith("public.catalogue_") for file in named), named
        assert find(needles, made.home, binary=True) == []
        in_logs = {(file, what) for file, what, _ in find(needles, logs, binary=False)}
        assert in_logs == EXCEPTIONS.keys(), "nothing but what is excepted, and no exception without need"
        # The search sees what is there: in the dump, in table files and in the write-ahead log.
        assert find([PLANTED], after, binary=False) == [("public.planted", "planted", "UTF-8")]
        places = {Path(file).parts[1] for file, _, _ in find([PLANTED], made.home, binary=True)}
        assert {"base", "pg_wal"} <= places
        files = [path for path in (made.home / "files").rglob("*") if path.is_file()]
        assert len(files) > 50
        assert all(path.read_bytes()[:2] == b"\0\1" for path in files), (
            "every file begins with its key's version"
        )
