"""Questions about applications, what people let in, and accounts of outside services."""

from contextlib import suppress
from uuid import UUID

from mingqu.identity.models import AppGrant, OutsideApp, OutsideLink
from mingqu.identity.openid.types import AppView, GrantView
from mingqu.kernel.fields import blind_index

LISTED = 200


def app_view(row: OutsideApp) -> AppView:
    return AppView(
        row.id,
        row.name,
        row.operator,
        row.confidential,
        tuple(row.return_addresses),
        tuple(row.scopes),
        row.registered_at,
        row.withdrawn_at,
    )


def app(app_id: UUID) -> AppView | None:
    row = OutsideApp.objects.filter(pk=app_id).first()
    return app_view(row) if row else None


def live_app(client_id: str) -> AppView | None:
    """The application of a client id, while it is not withdrawn."""
    try:
        found = app(UUID(client_id))
    except ValueError:
        return None
    return found if found and found.live else None


def apps(after: str = "", size: int = 50) -> tuple[list[AppView], str]:
    """Applications, newest first, and where to go on; "" at the end."""
    rows = OutsideApp.objects.order_by("-id")
    with suppress(ValueError):  # an address typed by hand: from the beginning
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    found = list(rows[: size + 1])
    more = str(found[size - 1].id) if len(found) > size else ""
    return [app_view(row) for row in found[:size]], more


def grant_view(row: AppGrant) -> GrantView:
    return GrantView(
        row.id,
        app_view(row.app),
        row.subject,
        tuple(row.scopes),
        row.granted_at,
        row.used_at,
        row.ended_at,
    )


def grants_of(user_id: UUID) -> list[GrantView]:
    """What an account let in, in force first, newest first; one statement."""
    rows = AppGrant.objects.filter(user_id=user_id).select_related("app").order_by("-granted_at")[:LISTED]
    return sorted((grant_view(row) for row in rows), key=lambda one: one.ended_at is not None)


def grant(user_id: UUID, app_id: UUID) -> GrantView | None:
    """What this account has let this application in to, while it holds."""
    row = AppGrant.objects.filter(user_id=user_id, app_id=app_id, ended_at=None).select_related("app").first()
    return grant_view(row) if row else None


def own_grant(user_id: UUID, grant_id: UUID) -> GrantView | None:
    row = AppGrant.objects.filter(pk=grant_id, user_id=user_id, ended_at=None).select_related("app").first()
    return grant_view(row) if row else None


def link_of(issuer: str, subject: str) -> OutsideLink | None:
    """Whose account here an account outside is."""
    index = blind_index("identity.outside_subject", f"{issuer} {subject}")
    return OutsideLink.objects.filter(issuer=issuer, subject_index=index, ended_at=None).first()


def links_of(user_id: UUID) -> list[OutsideLink]:
    return list(OutsideLink.objects.filter(user_id=user_id, ended_at=None).order_by("linked_at"))
