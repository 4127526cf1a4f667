"""Questions about people, organisations and posts. None of them writes."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery

from mingqu.identity import acting, holders, organ_names, ranks, registered, standing
from mingqu.identity.errors import UnknownAccount, UnknownDepartment, UnknownPost
from mingqu.identity.models import Department, Firm, PartyNumber, Person, Post, PostHolding, User
from mingqu.identity.roles import roles
from mingqu.identity.types import (
    ActingPost,
    DepartmentView,
    OfficerView,
    OrganName,
    PersonView,
    Place,
    StaffActor,
)
from mingqu.kernel import training
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import NotFound
from mingqu.kernel.fields import blind_index
from mingqu.kernel.regions import not_training, subtree
from mingqu.kernel.rows import Columns
from mingqu.kernel.types import Actor

# Who is signed in, with posts and mandates.
signed_in_user, posts_held, mandates_of = standing.signed_in_user, standing.posts_held, standing.mandates_of
# Who holds which post, and who of other organs may be asked.
posts_of_others, people_by_post = holders.posts_of_others, holders.people_by_post
colleagues = holders.colleagues  # who may take over from somebody of a department
Colleague = holders.Colleague
people_at, serves_in, organs_that_may = holders.people_at, holders.serves_in, holders.organs_that_may
posts_below = ranks.posts_below  # who may not look over what a post has set
code_and_below = ranks.code_and_below
# What departments and posts are called, now and on an earlier day.
post_names, post_names_by_day = organ_names.post_names, organ_names.post_names_by_day
department_view, name_on = organ_names.department_view, organ_names.name_on
# Who may act for whom.
capacity_view, capacities_of, capacity = acting.capacity_view, acting.capacities_of, acting.capacity
given_by, got_by, citizen_actor = acting.given_by, acting.got_by, acting.citizen_actor
representatives_of, firms_represented = acting.representatives_of, acting.firms_represented
# Who has an account, as it is told upwards.
registered_ids, registered_users, pseudonym = (
    registered.registered_ids,
    registered.registered,
    registered.pseudonym,
)
account_asked, whom_to_tell, in_whose_name = acting.account_asked, acting.whom_to_tell, acting.in_whose_name

DepartmentRows = dict[str, Department]  # by code
_PERSON = Columns(Person, "p")
_ONE_PERSON = f"SELECT {_PERSON} FROM identity_person p WHERE p.id = %s"  # noqa: S608  constants


def person(person_id: UUID) -> PersonView:
    """Raises NotFound. Not an access check: the caller knows why it may see this person."""
    found = _PERSON.first(_ONE_PERSON, [person_id])
    if found is None:
        raise NotFound()
    return _person_view(found)


def people_with_number(number: str) -> list[PersonView]:
    """Everyone who has or claims this citizen number, best assured first (a clerk chooses)."""
    index = blind_index("identity.citizen_number", number.strip().upper())
    found = Person.objects.filter(citizen_number_index=index).order_by("-assurance", "created_at")
    return [_person_view(p) for p in found]


def verified_person_id(number: str) -> UUID | None:
    """The one person whose document with this citizen number was checked."""
    return party_with_number(PartyNumber.Kind.CITIZEN_NUMBER, number)


def party_with_number(kind: str, number: str) -> UUID | None:
    """The directory: who has this number (kinds of PartyNumber)."""
    index = blind_index("identity.party_number", number.strip().upper())
    return (
        PartyNumber.objects.filter(kind=kind, number_index=index).values_list("party_id", flat=True).first()
    )


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names in the clear by person id, for lists whose reader may see them; one statement."""
    people = Person.objects.filter(pk__in=set(person_ids)).values_list("id", "name")
    return {person_id: str(name or "") for person_id, name in people}


_REACHED = Columns(User, "u", only=("id", "phone"))
_TO_REACH = (
    f"SELECT {_REACHED} FROM identity_user u WHERE u.person_id = %s AND u.is_active"  # noqa: S608  constants
    " AND u.phone_verified_at IS NOT NULL ORDER BY u.kind LIMIT 1"
)


def phone_of(person_id: UUID) -> str:
    """The verified telephone number under which a person is told things, or ""."""
    user = _REACHED.first(_TO_REACH, [person_id])
    return str(user.phone or "") if user else ""


def contact_of(person_id: UUID) -> str:
    """The verified number, else the one told to a clerk, or ""."""
    verified = phone_of(person_id)
    if verified:
        return verified
    return str(Person.objects.filter(pk=person_id).values_list("contact_phone", flat=True).first() or "")


def contacts_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The same for a list of people; two statements. Who has no number is left out."""
    wanted = set(person_ids)
    told = Person.objects.filter(pk__in=wanted, contact_phone__isnull=False).values_list(
        "id", "contact_phone"
    )
    proved = User.objects.filter(person_id__in=wanted, is_active=True, phone_verified_at__isnull=False)
    found = {person_id: str(phone) for person_id, phone in told if phone}
    return found | {person_id: str(phone) for person_id, phone in proved.values_list("person_id", "phone")}


def person_with_document(kind: str, number: str) -> PersonView | None:
    """
    The one person whose document of this kind and number was checked: exact, and never one who only claims it.
    The caller logs that it looked (`services.look_up_person`).
    """
    if carries_citizen_number(kind):
        found = party_with_number(PartyNumber.Kind.CITIZEN_NUMBER, number)
    else:
        found = party_with_number(PartyNumber.Kind.DOCUMENT, f"{kind}:{number.strip()}")
    return person(found) if found else None


def carries_citizen_number(kind: str) -> bool:
    """Whether what stands on this kind of document is the citizen number. Raises UnknownCode."""
    entry = code_list("identity_document").require(kind, field="kind")
    return bool(entry.attributes["validator"] == "citizen_number")


def account_of(person_id: UUID) -> User | None:
    """The personal account of a person, locked or not; none that was closed."""
    return User.objects.filter(kind=User.Kind.CITIZEN, person_id=person_id, closed_at=None).first()


def reached_online(people: Iterable[UUID]) -> bool:
    """Whether one of them can sign in and see what is put into her space: an open account that is not locked."""
    own = User.objects.filter(kind=User.Kind.CITIZEN, person_id__in=list(people), closed_at=None)
    return own.filter(is_active=True).exists()


def firm(firm_id: UUID) -> Firm:
    """Raises NotFound."""
    found = Firm.objects.filter(pk=firm_id).first()
    if found is None:
        raise NotFound()
    return found


def firms_by_id(ids: Iterable[UUID]) -> list[Firm]:
    """One statement; unknown ids are left out. The caller knows why it may ask."""
    return list(Firm.objects.filter(pk__in=set(ids)))


def firms_named(beginning: str, *, limit: int = 50) -> list[UUID]:
    """Firms whose name begins so (public register data); none for a beginning of fewer than four characters."""
    if len(beginning) < 4:
        return []
    return list(Firm.objects.filter(name__startswith=beginning).values_list("id", flat=True)[:limit])


def department(department_id: UUID) -> DepartmentView:
    """Raises UnknownDepartment."""
    found = Department.objects.filter(pk=department_id).first()
    if found is None:
        raise UnknownDepartment()
    return department_view(found)


def department_by_code(code: str) -> DepartmentView:
    """Raises UnknownDepartment."""
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise UnknownDepartment()
    return department_view(found)


def departments_by_code(codes: Iterable[str]) -> dict[str, DepartmentView]:
    """By code, in one statement. Raises UnknownDepartment if one is not there."""
    return {code: department_view(row) for code, row in department_rows(codes).items()}


def department_rows(codes: Iterable[str]) -> DepartmentRows:
    """The same as rows, for who keeps a reference to them. Raises UnknownDepartment."""
    wanted = set(codes)
    found = {row.code: row for row in Department.objects.filter(code__in=wanted)}
    if found.keys() != wanted:
        raise UnknownDepartment()
    return found


def department_of(row: Department) -> DepartmentView:
    """Of a row somebody has read together with what belongs to it."""
    return department_view(row)


def departments() -> list[DepartmentView]:
    """All, those that were closed too, parents before children."""
    return [department_view(d) for d in Department.objects.order_by("path")]


def open_departments() -> list[DepartmentView]:
    """Those in use: whom something new may be given."""
    return [one for one in departments() if one.closed_on is None]


def departments_within(region_code: str) -> list[DepartmentView]:
    """Those that stand in a region or below it."""
    found = Department.objects.filter(subtree("region_code", region_code)).order_by("path")
    return [department_view(d) for d in found]


def departments_by_id(ids: Iterable[UUID]) -> dict[UUID, DepartmentView]:
    """One statement; unknown ids are left out."""
    return {d.id: department_view(d) for d in Department.objects.filter(pk__in=set(ids))}


def posts_in(department_id: UUID) -> QuerySet[Post]:
    """The posts of a department and everything below it."""
    own = Department.objects.filter(pk=department_id).values("path")[:1]
    return Post.objects.filter(department__path__startswith=Subquery(own)).select_related("department")


def posts_within(region_code: str) -> dict[str, str]:
    """「部门·岗位」 by code of the posts of departments in a region or below it, by department; one statement."""
    rows = Post.objects.filter(subtree("department__region_code", region_code))
    found = rows.order_by("department__path", "code").values_list("code", "department__name", "name")
    return {code: f"{department_name}·{name}" for code, department_name, name in found}


def post_by_code(code: str) -> Post:
    """Raises UnknownPost."""
    found = Post.objects.filter(code=code).select_related("department").first()
    if found is None:
        raise UnknownPost()
    return found


def training_departments() -> list[UUID]:
    """Organs of regions marked for training; no statement where none is."""
    if not training.marked_prefixes():
        return []
    return list(Department.objects.exclude(not_training()).values_list("pk", flat=True))


def acting_post(by: Actor) -> ActingPost | None:
    """The post somebody acts as: as it came with the request, otherwise read; None for who acts as none."""
    if isinstance(by, StaffActor) and by.post is not None:
        return by.post
    found = Post.objects.filter(pk=by.post_id).select_related("department").first() if by.post_id else None
    if found is None:
        return None
    organ = OrganName(found.department.code, found.department.name)
    return ActingPost(found.pk, found.code, found.department_id, organ, found.department.region_code)


def organ_of_post(post_id: UUID) -> DepartmentView:
    """The department in whose name the post acts. Raises UnknownPost."""
    found = Post.objects.filter(pk=post_id).select_related("department").first()
    if found is None:
        raise UnknownPost()
    return department_view(found.department)


def post_code(post_id: UUID) -> str:
    """The code by which definitions name this post, or ""."""
    return str(Post.objects.filter(pk=post_id).values_list("code", flat=True).first() or "")


def posts_by_code(codes: Iterable[str]) -> dict[str, Post]:
    """With their departments; one statement; unknown codes are left out."""
    return {p.code: p for p in Post.objects.filter(code__in=set(codes)).select_related("department")}


def staff_account(username: str) -> User:
    """Raises UnknownAccount."""
    found = User.objects.filter(kind=User.Kind.STAFF, username=username.strip().lower()).first()
    if found is None:
        raise UnknownAccount()
    return found


def staff_accounts() -> QuerySet[User]:
    """All staff accounts by name (`mingqu user list`)."""
    return User.objects.filter(kind=User.Kind.STAFF).order_by("username")


def holders_on(post_id: UUID, day: date) -> list[UUID]:
    """The accounts that hold a post on a day."""
    held = PostHolding.objects.filter(post_id=post_id, from_on__lte=day, user__is_active=True)
    return list(held.exclude(until_on__lt=day).order_by("from_on", "id").values_list("user_id", flat=True))


def successor_of(department_id: UUID) -> UUID | None:
    """Who carries on the duties of a department that was closed (承接); None where none does, or it works on."""
    return Department.objects.filter(pk=department_id).values_list("successor_id", flat=True).first()


def people_who_may(action: str, place: Place, day: date) -> list[UUID]:
    """The persons whose post allows an action on what lies there, on a day; each once. One statement."""
    named = [code for code, role in roles().items() if action in role.permissions]
    held = PostHolding.objects.filter(
        post__grants__role__in=named, from_on__lte=day, user__is_active=True
    ).exclude(until_on__lt=day)
    rows = held.annotate(given=standing.grants_json("post_id")).values_list(
        "user__person_id", "post__item_types", "given"
    )
    found = {
        person: True
        for person, items, given in rows
        if any(
            action in one.permissions and one.covers(place)
            for one in (standing.mandate(g, items) for g in given)
        )
    }
    return list(found)


def posts_that_may(action: str, place: Place) -> dict[str, str]:
    """「部门·岗位」 by code of the posts that may do something to what lies there, by department; one statement."""
    named = [code for code, role in roles().items() if action in role.permissions]
    rows = (
        Post.objects.filter(grants__role__in=named)
        .annotate(given=standing.grants_json("pk"))
        .order_by("department__path", "code")
        .values_list("code", "department__name", "name", "item_types", "given")
    )
    return {
        code: f"{department_name}·{name}"
        for code, department_name, name, items, given in rows
        if any(
            action in one.permissions and one.covers(place)
            for one in (standing.mandate(g, items) for g in given)
        )
    }


def anybody_may(action: str, day: date) -> bool:
    """Whether somebody holds a post on that day that allows an action anywhere."""
    named = [code for code, role in roles().items() if action in role.permissions]
    held = PostHolding.objects.filter(post__grants__role__in=named, from_on__lte=day, user__is_active=True)
    return held.exclude(until_on__lt=day).exists()


def _held_in(department_id: UUID, day: date) -> QuerySet[PostHolding]:
    """Who holds which post in this department or below it on a day."""
    own = Department.objects.filter(pk=department_id).values("path")[:1]
    return PostHolding.objects.filter(
        post__department__path__startswith=Subquery(own), from_on__lte=day, user__is_active=True
    ).exclude(until_on__lt=day)


def are_officers(people: Iterable[UUID], department_id: UUID, day: date) -> bool:
    """Whether each of them holds a post in this department or below it on a day."""
    wanted = set(people)
    held = _held_in(department_id, day).filter(user__person_id__in=wanted)
    return set(held.values_list("user__person_id", flat=True)) == wanted


def officers_in(department_id: UUID, day: date) -> list[OfficerView]:
    """Who holds a post in this department or below it on a day, each once, by name; two statements."""
    held = (
        _held_in(department_id, day)
        .order_by("post__code", "id")
        .values_list("user__person_id", "post__department__name", "post__name")
    )
    posts: dict[UUID, str] = {}
    for person_id, department_name, post in held:
        posts.setdefault(person_id, f"{department_name}·{post}")
    names = names_of(posts)
    found = [OfficerView(person_id, names.get(person_id, ""), post) for person_id, post in posts.items()]
    return sorted(found, key=lambda officer: (officer.post, officer.name))


def is_below(post_id: UUID, *department_ids: UUID) -> bool:
    """Whether a post belongs to one of these departments or one below it."""
    path = ExpressionWrapper(OuterRef("department__path"), CharField())
    own = Department.objects.filter(pk__in=department_ids).annotate(below=path)
    return Post.objects.filter(Exists(own.filter(below__startswith=F("path"))), pk=post_id).exists()


def roles_held(user_id: UUID) -> list[tuple[str, date, date | None]]:
    """Every role of an account through its posts, with the span of each holding."""
    rows = PostHolding.objects.filter(user_id=user_id).values_list(
        "post__grants__role", "from_on", "until_on"
    )
    return [(role, since, until) for role, since, until in rows if role]


def citizen_with_phone(phone: str) -> User | None:
    """The personal account of a telephone number (11 digits), locked or not."""
    index = blind_index("identity.phone", phone)
    return User.objects.filter(kind=User.Kind.CITIZEN, phone_index=index).first()


def _person_view(found: Person) -> PersonView:
    return PersonView(
        id=found.id,
        name=found.name or "",
        citizen_number=found.citizen_number or "",
        document_kind=found.document_kind,
        document_number=found.document_number or "",
        assurance=found.assurance,
        contact_phone=found.contact_phone or "",
    )
