"""Two apps of Django without what they note after every migration: rows of each model that nothing here asks for."""

from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate


class Auth(AuthConfig):
    """Whether somebody may do something is answered by `identity.services.access`, never by Django's permissions."""

    def ready(self) -> None:
        super().ready()
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


class ContentTypes(ContentTypesConfig):
    """No row here points at a row of any model whatever."""

    def ready(self) -> None:
        super().ready()
        post_migrate.disconnect(create_contenttypes)
