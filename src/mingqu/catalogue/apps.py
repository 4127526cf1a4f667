from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "mingqu.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from mingqu.ui import menu

        menu.register(menu.Entry("staff", "事项", "catalogue:items", order=290, group="数据"))
