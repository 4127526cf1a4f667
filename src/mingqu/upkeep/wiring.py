"""What upkeep shows on the pages of other rooms."""

from django.utils.translation import gettext as _

from mingqu.kernel.types import Instant
from mingqu.ui import language
from mingqu.ui.banners import Banner
from mingqu.upkeep import selectors
from mingqu.upkeep.types import AnnouncementView, StopView


def banners(at: Instant) -> list[Banner]:
    """Stops first, then announcements."""
    stops = [Banner(stop_words(stop), stop=True) for stop in selectors.stops_told(at)]
    return [*stops, *(_banner(one) for one in selectors.announcements_now(at))]


def _banner(one: AnnouncementView) -> Banner:
    if language.in_english():
        return Banner(one.text_en) if one.text_en else Banner(one.text, lang="zh-Hans")
    return Banner(one.text)


def stop_words(stop: StopView) -> str:
    """When, what can't be done meanwhile, and that no day is lost or won by it."""
    times = {"begins": language.moment(stop.begins_at), "ends": language.moment(stop.ends_at)}
    if stop.running and not stop.all:
        words = _("网站正在维护，%(ends)s以前可以查看，不能提交。办理期限照常计算。")
    elif stop.running:
        words = _("网站正在维护，%(ends)s恢复。办理期限照常计算。")
    elif stop.all:
        words = _("%(begins)s至%(ends)s网站停机维护，不能使用。请提前办理，办理期限照常计算。")
    else:
        words = _("%(begins)s至%(ends)s网站维护，可以查看，不能提交。请提前办理，办理期限照常计算。")
    return words % times
