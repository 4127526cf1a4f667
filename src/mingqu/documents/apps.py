from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "mingqu.documents"
    label = "documents"
