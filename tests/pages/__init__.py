"""
Every address of the installation, and for every page the states it can be in.

`test_pages.py` compares this list with the URL configuration and looks at each state in a browser;
`architecture/test_routes.py` visits each address as everybody. Whoever adds an address adds it here.
"""

from tests.pages.applying import APPLYING, FOLLOWING
from tests.pages.catalogue import CATALOGUE
from tests.pages.certificates import CERTIFICATES
from tests.pages.desk import DESK
from tests.pages.exchange import EXCHANGE
from tests.pages.federation import FEDERATION
from tests.pages.hall import API, HALL
from tests.pages.insight import INSIGHT
from tests.pages.made import Page, State
from tests.pages.payments import PAYMENTS
from tests.pages.public import LAW, NOTIFICATIONS, PORTAL, UI
from tests.pages.redesign import REDESIGN
from tests.pages.signing_in import IDENTITY
from tests.pages.staff import STAFF

PAGES = (
    *PORTAL,
    *UI,
    *IDENTITY,
    *LAW,
    *NOTIFICATIONS,
    *CERTIFICATES,
    *PAYMENTS,
    *EXCHANGE,
    *APPLYING,
    *FOLLOWING,
    *CATALOGUE,
    *HALL,
    *INSIGHT,
    *FEDERATION,
    *API,
    *STAFF,
    *DESK,
    *REDESIGN,
)

__all__ = ["PAGES", "Page", "State"]
