"""The web entry: granian serves `mingqu.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
application = get_wsgi_application()
