from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "mingqu.catalogue"
    label = "catalogue"
