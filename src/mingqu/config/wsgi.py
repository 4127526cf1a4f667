"""The web entry: granian serves `mingqu.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from mingqu.kernel import chinese, garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
garbage.rarely()
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  (all views now, and not in the first request)
chinese.load()
garbage.spare_what_is_loaded()
