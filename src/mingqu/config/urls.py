"""Every address of the installation. A page about one domain lives in that domain; here they are only joined."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from mingqu.config import health
from mingqu.config.api import marked
from mingqu.config.routing import room

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
for app in (
    "ui",
    "identity",
    "upkeep",
    "law",
    "notifications",
    "exchange",
    "certificates",
    "payments",
    "catalogue",
    "cases",
    "cases.bundles",
    "redesign",
    "voice",
    "regulation",
    "evaluation",
    "hall",
    "outreach",
    "across",
    "assist",
    "insight",
    "federation",
    "workbench",
    "portal",
):
    if find_spec(f"mingqu.{app}.urls"):
        urlpatterns.append(room(f"mingqu.{app}.urls"))
urlpatterns.append(path("api/v1/", marked()))
if settings.MINGQU_DEMO:
    from mingqu.config.demo import views as demo

    urlpatterns.append(path("double/codes/", demo.codes, name="demo_codes"))
