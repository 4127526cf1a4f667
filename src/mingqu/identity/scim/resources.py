"""What a staff register sees of us: one resource, an account of staff; what it may ask and how."""

from typing import Annotated, Final

from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Mutability,
    Patch,
    Required,
    Resource,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

MOST_LISTED: Final = 200
LONGEST_NUMBER: Final = 200  # signs of the number by which a register knows an account


class User(Resource):
    """
    Of the core User of RFC 7643 4.1 what an account here has. The sign-in name stays what it was; posts and roles are
    no part of it: the three officers give them (GB/T 22239-2019 8.1.4.2).
    """

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true, Mutability.immutable] = None
    """3 to 32 of a–z, 0–9, dot, hyphen, underscore."""

    display_name: Annotated[str | None, Required.true] = None
    """The name as in the staff register."""

    active: bool | None = None
    """Whether she may sign in. False: she has left; her holdings of posts end with this day."""


def config() -> ServiceProviderConfig:
    """What of the protocol is spoken (RFC 7643 5)."""
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_LISTED),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Bearer",
                description="The token that the system officer was shown when she entered the register.",
                primary=True,
            )
        ],
    )


def resource_type() -> ResourceType:
    return ResourceType.from_resource(User)


def schema() -> Schema:
    return User.to_schema()
