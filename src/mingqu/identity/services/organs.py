"""Commands about departments, posts, who holds them and what they may do."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from mingqu.identity import selectors
from mingqu.identity.errors import (
    AlreadyHolds,
    CodeTaken,
    DayPassed,
    DeputyOfNobody,
    DeputySpanOpen,
    NameMissing,
    OfficersExclude,
    OwnPost,
    UnknownAccount,
    UnknownDepartment,
    UnknownPost,
    UnknownRole,
    WrongSpan,
)
from mingqu.identity.models import Department, Post, PostHolding, RoleGrant, User
from mingqu.identity.roles import roles
from mingqu.identity.rules import officers_of, overlap
from mingqu.identity.services import access
from mingqu.identity.services.organ_changes import require_open
from mingqu.identity.types import NewDepartment, NewPost, Place, Span, Within
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NotFound
from mingqu.kernel.identifiers import RegionCode
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day


def create_department(*, draft: NewDepartment, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Add a department; returns the id (which is `key`).

    Raises NameMissing, IdentifierRefused (region), CodeTaken, UnknownDepartment (parent), DepartmentClosed (parent),
    NotAuthorised.
    """
    with command("identity.create_department", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        region = str(RegionCode.parse(draft.region_code)) if draft.region_code else ""
        access.require(by, "identity.create_department", Place(draft.parent_id, region))
        code, name = _named(draft.code), _named(draft.name)
        above = ""
        if draft.parent_id is not None:
            parent = Department.objects.filter(pk=draft.parent_id).first()
            if parent is None:
                raise UnknownDepartment(field="parent")
            require_open(parent.pk)
            above = parent.path
        _insert(
            Department(
                id=key,
                code=code,
                name=name,
                credit_code=draft.credit_code,
                region_code=region,
                parent_id=draft.parent_id,
                path=f"{above}{code}/",
            )
        )
        cmd.note(code=code, name=name, region_code=region, parent=draft.parent_id)
        cmd.done(None)
    return key


def name_review_organ(*, department_id: UUID, organ: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Name who decides on 行政复议 against the department's acts (行政复议法 24 to 28); "" leaves it to each definition.
    Definitions published from now on have to say the same. Raises NotAuthorised, UnknownDepartment.
    """
    with command("identity.name_review_organ", department_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = Department.objects.select_for_update().filter(pk=department_id).first()
        if row is None:
            raise UnknownDepartment(field="department")
        access.require(by, "identity.create_department", Place(row.pk, row.region_code))
        row.review_organ = " ".join(organ.split())
        row.save(update_fields=["review_organ"])
        cmd.note(code=row.code, review_organ=row.review_organ)
        cmd.done(None)


def rank_post(*, post_id: UUID, rank: int, by: Actor, at: Instant, key: UUID) -> None:
    """
    Register the rank of a post (岗位层级); 0 leaves it to its roles. Who is below does not agree to 裁量 of who is
    above. Raises NotAuthorised, UnknownPost.
    """
    with command("identity.rank_post", post_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = (
            Post.objects.select_for_update(of=("self",))
            .select_related("department")
            .filter(pk=post_id)
            .first()
        )
        if row is None:
            raise UnknownPost(field="post")
        access.require(by, "identity.rank_post", Place(row.department_id, row.department.region_code))
        assert rank in (0, *Post.Rank.values)  # the form offers no other
        cmd.note(code=row.code, rank=rank, rank_before=row.rank)
        row.rank = rank
        row.save(update_fields=["rank"])
        cmd.done(None)


def create_post(*, draft: NewPost, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Add a post to a department; returns the id (which is `key`).

    Raises NameMissing, CodeTaken, UnknownDepartment, DepartmentClosed, UnknownCode (item type), NotAuthorised.
    """
    with command("identity.create_post", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        department = selectors.department(draft.department_id)
        access.require(by, "identity.create_post", Place(department.id, department.region_code))
        require_open(department.id)
        code, name, items = _named(draft.code), _named(draft.name), _item_types(draft.item_types)
        _insert(Post(id=key, code=code, name=name, department_id=department.id, item_types=items))
        cmd.note(code=code, name=name, department=department.code, item_types=items)
        cmd.done(None)
    return key


def assign_post(*, user_id: UUID, post_id: UUID, span: Span, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Give a person a post for a span of days; returns the holding's id (which is `key`).

    As a deputy (AB岗) in place of another holder, within that one's days. Raises AlreadyHolds, OfficersExclude, OwnPost
    (nobody appoints themselves), WrongSpan, DayPassed, DeputyOfNobody, DeputySpanOpen, UnknownAccount, UnknownPost,
    DepartmentClosed, NotAuthorised.
    """
    with command("identity.assign_post", post_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        post = _open_post_for_update(post_id, "identity.assign_post", by)
        days = (span.from_on, span.until_on)
        if span.until_on is not None and span.until_on < span.from_on:
            raise WrongSpan(field="until_on")
        user = User.objects.select_for_update().filter(pk=user_id, kind=User.Kind.STAFF).first()
        if user is None:
            raise UnknownAccount(field="user")
        if user.pk == by.user_id or user.person_id == by.id:
            raise OwnPost()
        _refuse_past(span.from_on, "from_on", by, at)
        held = PostHolding.objects.filter(user_id=user_id, post_id=post_id)
        if any(overlap((h.from_on, h.until_on), days) for h in held):
            raise AlreadyHolds()
        _check_deputy(post, user, span)
        own = set(post.grants.values_list("role", flat=True))
        _refuse_two_officers([(role, *days) for role in own] + selectors.roles_held(user_id))
        PostHolding.objects.create(
            id=key,
            user_id=user_id,
            post_id=post_id,
            from_on=span.from_on,
            until_on=span.until_on,
            deputy_for_id=span.deputy_for,
        )
        cmd.note(user=user_id, post=post.code, from_on=span.from_on, until_on=span.until_on)
        if span.deputy_for is not None:
            cmd.note(principal=span.deputy_for)
        cmd.done(None)
    return key


def end_post(*, user_id: UUID, post_id: UUID, until_on: date, by: Actor, at: Instant, key: UUID) -> None:
    """
    End a holding; `until_on` is its last day.

    Raises NotFound when the person does not hold the post then, WrongSpan, DayPassed, UnknownPost, NotAuthorised.
    """
    with command("identity.end_post", post_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        post = _post_for_update(post_id)
        access.require(by, "identity.end_post", _place_of(post))
        held = PostHolding.objects.select_for_update().filter(user_id=user_id, post_id=post_id)
        holding = held.filter(Q(until_on=None) | Q(until_on__gte=until_on)).order_by("from_on").first()
        if holding is None:
            raise NotFound()
        if until_on < holding.from_on:
            raise WrongSpan(field="until_on")
        _refuse_past(until_on, "until_on", by, at)
        holding.until_on = until_on
        holding.save(update_fields=["until_on"])
        _end_deputies(holding)
        cmd.note(user=user_id, post=post.code, until_on=until_on)
        cmd.done(None)


def end_holdings(user_id: UUID, day: date) -> list[str]:
    """
    Within a command on the account of who left: whatever post it holds ends with this day, and what was to begin later
    does not, should she come back; the codes of the posts.
    """
    held = PostHolding.objects.select_for_update(of=("self",)).filter(user_id=user_id, from_on__lte=day)
    ended = list(held.exclude(until_on__lte=day).select_related("post"))
    for holding in ended:
        holding.until_on = day
        holding.save(update_fields=["until_on"])
        _end_deputies(holding)
    PostHolding.objects.filter(user_id=user_id, from_on__gt=day).delete()
    return sorted(holding.post.code for holding in ended)


def _check_deputy(post: Post, user: User, span: Span) -> None:
    """AB岗: for a span with an end, in place of who holds the post herself on every day of it."""
    if span.deputy_for is None:
        return
    if span.until_on is None:
        raise DeputySpanOpen(field="until_on")
    own = PostHolding.objects.filter(post=post, user_id=span.deputy_for, deputy_for=None)
    lasting = Q(until_on=None) | Q(until_on__gte=span.until_on)
    if span.deputy_for == user.pk or not own.filter(lasting, from_on__lte=span.from_on).exists():
        raise DeputyOfNobody(field="deputy_for")


def _end_deputies(holding: PostHolding) -> None:
    """Who stands in for a holder does so no longer than the holder has the post."""
    deputies = PostHolding.objects.filter(post_id=holding.post_id, deputy_for_id=holding.user_id)
    deputies.filter(until_on__gt=holding.until_on, from_on__lte=holding.until_on).update(
        until_on=holding.until_on
    )
    deputies.filter(from_on__gt=holding.until_on).delete()


def _refuse_past(day: date, field: str, by: Actor, at: Instant) -> None:
    """An officer acts from today on; an installation that is set up writes down what was so before."""
    today = legal_day(at)
    if by.kind == "staff" and day < today:
        raise DayPassed(field=field, today=zh_day(today))


def grant_role(*, post_id: UUID, role: str, within: Within, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    Give a post a role within limits; returns the grant's id (which is `key`).

    Raises UnknownRole, UnknownPost, UnknownDepartment, UnknownCode (item type), IdentifierRefused (region),
    CodeTaken (granted already), OfficersExclude, OwnPost (nobody widens what they themselves may do),
    DepartmentClosed, NotAuthorised.
    """
    with command("identity.grant_role", post_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return key
        post = _open_post_for_update(post_id, "identity.grant_role", by)
        if role not in roles():
            raise UnknownRole(field="role")
        region = str(RegionCode.parse(within.region_code)) if within.region_code else ""
        if within.department_id is not None:
            selectors.department(within.department_id)
        _refuse_own_post(by, post_id)
        _refuse_officer_conflict(post, role)
        grant = RoleGrant(
            id=key,
            post_id=post_id,
            role=role,
            region_code=region,
            department_id=within.department_id,
            item_types=_item_types(within.item_types),
        )
        _insert(grant)
        cmd.note(post=post.code, role=role, region=region, department=within.department_id)
        cmd.note(item_types=grant.item_types)
        cmd.done(None)
    return key


def revoke_role(*, grant_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Take a grant away. Raises NotFound, OwnPost, NotAuthorised."""
    grant = RoleGrant.objects.filter(pk=grant_id).first()
    root = grant.post_id if grant else grant_id
    with command("identity.revoke_role", root, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        if grant is None:
            raise NotFound()
        post = _post_for_update(grant.post_id)
        access.require(by, "identity.revoke_role", _place_of(post))
        _refuse_own_post(by, post.id)
        grant.delete()
        cmd.note(post=post.code, role=grant.role, region=grant.region_code, department=grant.department_id)
        cmd.done(None)


def _post_for_update(post_id: UUID) -> Post:
    found = (
        Post.objects.select_for_update(of=("self",)).select_related("department").filter(pk=post_id).first()
    )
    if found is None:
        raise UnknownPost(field="post")
    return found


def _open_post_for_update(post_id: UUID, action: str, by: Actor) -> Post:
    """
    The department is held before the post, as by the deed that closes it and takes its posts along. Raises UnknownPost,
    NotAuthorised, DepartmentClosed.
    """
    found = Post.objects.select_related("department").filter(pk=post_id).first()
    if found is None:
        raise UnknownPost(field="post")
    access.require(by, action, _place_of(found))
    require_open(found.department_id)
    return _post_for_update(post_id)


def _place_of(post: Post) -> Place:
    return Place(post.department_id, post.department.region_code)


def _refuse_own_post(by: Actor, post_id: UUID) -> None:
    own = by.user_id is not None and PostHolding.objects.filter(user_id=by.user_id, post_id=post_id).exists()
    if own or by.post_id == post_id:
        raise OwnPost()


def _refuse_officer_conflict(post: Post, role: str) -> None:
    """Everyone who holds the post would gain the role: look at all of them, locked in one order."""
    if len(officers_of({role, *post.grants.values_list("role", flat=True)})) > 1:
        raise OfficersExclude()
    holders = PostHolding.objects.filter(post_id=post.id)
    list(User.objects.select_for_update().filter(pk__in=holders.values("user_id")).order_by("pk"))
    for holding in holders:
        gained = (role, holding.from_on, holding.until_on)
        _refuse_two_officers([gained, *selectors.roles_held(holding.user_id)])


def _named(text: str) -> str:
    """A code or name; the slash separates codes in a path."""
    name = " ".join(text.split())
    if not name or "/" in name:
        raise NameMissing(field="name")
    return name


def _item_types(given: Iterable[str]) -> list[str]:
    kinds = code_list("item_type")
    return sorted({kinds.require(code, field="item_types").code for code in given})


def _refuse_two_officers(held: list[tuple[str, date, date | None]]) -> None:
    """No two officer roles in one hand on any day (GB/T 22239-2019 8.1.4.2)."""
    officers = [(role, (since, until)) for role, since, until in held if officers_of({role})]
    for at, (role, span) in enumerate(officers):
        for other, other_span in officers[at + 1 :]:
            if role != other and overlap(span, other_span):
                raise OfficersExclude()


def _insert(row: Department | Post | RoleGrant) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise CodeTaken(field="code") from taken
