from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "mingqu.upkeep"
    label = "upkeep"
    verbose_name = "公告和维护"

    def ready(self) -> None:
        from mingqu.ui import banners, menu
        from mingqu.upkeep import wiring

        banners.register("upkeep", wiring.banners)
        stops = frozenset({"upkeep:plan", "upkeep:prolong"})
        menu.register(
            menu.Entry("staff", "公告和维护", "upkeep:notices", order=515, group="平台", also=stops)
        )
