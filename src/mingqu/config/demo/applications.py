"""An application of another organ where people of 清禾区 sign in with their account here; a daughter let it in."""

from collections.abc import Callable

from mingqu.config.demo.acting import DAUGHTER
from mingqu.config.demo.district import key
from mingqu.identity import selectors as people
from mingqu.identity.openid import selectors, services
from mingqu.identity.openid.types import NewApp, Wanted
from mingqu.kernel.types import Actor, Instant

DEMO = Actor.system("demo")
BACK = "http://127.0.0.1:8091/back"
SCOPES = ("openid", "profile", "phone", "offline_access")


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Its id and secret follow from a key of the demo, so that loading again changes nothing."""
    app_id = key("application:bus")
    if selectors.app(app_id) is not None:
        return
    draft = NewApp("清禾公交", "清禾区公共交通公司", (BACK,), SCOPES)
    services.register_app(draft=draft, by=DEMO, at=at, key=app_id)
    user = people.citizen_with_phone(DAUGHTER[0])
    if user is not None:
        wanted = Wanted(BACK, ("openid", "profile"), "0" * 43, "", at)
        by = Actor("citizen", user.person_id, user_id=user.id)
        services.let_in(
            app_id=app_id, wanted=wanted, epoch=user.epoch, by=by, at=at, key=key("application:bus:daughter")
        )
    progress("an application people may sign in to")
