from django.apps import AppConfig


class RedesignConfig(AppConfig):
    name = "mingqu.redesign"
    label = "redesign"
    verbose_name = "流程再造"

    def ready(self) -> None:
        from mingqu.catalogue.services import offer_item_page
        from mingqu.redesign.selectors.moves import waiting_moves
        from mingqu.ui import menu

        offer_item_page("再造报告", "redesign:item_savings", "redesign.see")
        offer_item_page("模拟流程", "redesign:of_item", "redesign.simulate")
        menu.register_waiting("redesign:moves", waiting_moves)
        menu.register(
            menu.Entry("staff", "流程模拟", "redesign:runs", order=311, group="事项、证照、法规"),
            menu.Entry("staff", "流程迁移", "redesign:moves", order=314, group="事项、证照、法规"),
            menu.Entry("staff", "前置关系图", "redesign:prerequisites", order=313, group="事项、证照、法规"),
            menu.Entry("staff", "再造报告", "redesign:savings", order=312, group="事项、证照、法规"),
        )
