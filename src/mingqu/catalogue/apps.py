from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "mingqu.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from mingqu.catalogue import wiring
        from mingqu.kernel.training import asks_before_unmarking, follows_marks
        from mingqu.law import selectors as law
        from mingqu.ui import menu

        law.offer_uses("staff", wiring.uses_for_staff)
        asks_before_unmarking("catalogue", wiring.only_for_training)
        follows_marks("catalogue", wiring.count_apart)

        menu.register_waiting("catalogue:items", wiring.drafts_waiting)
        menu.register(menu.Entry("staff", "事项", "catalogue:items", order=300, group="事项、证照、法规"))
        menu.register(
            menu.Entry("staff", "搜索用语", "catalogue:sayings", order=306, group="事项、证照、法规")
        )
        menu.register(
            menu.Entry("staff", "受影响的事项", "catalogue:affected", order=310, group="事项、证照、法规")
        )
        menu.register(menu.Entry("staff", "清单", "catalogue:editions", order=301, group="事项、证照、法规"))
        menu.register(
            menu.Entry("staff", "责任事项", "catalogue:duties", order=302, group="事项、证照、法规")
        )
        menu.register(
            menu.Entry("staff", "导入事项", "catalogue:imports", order=304, group="事项、证照、法规")
        )
        menu.register(
            menu.Entry("staff", "审核导入的事项", "catalogue:reviews", order=305, group="事项、证照、法规")
        )

        from mingqu.catalogue.settling import TIES
        from mingqu.identity.services import settling

        settling.register("catalogue", *TIES)
