from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "mingqu.documents"
    label = "documents"
    verbose_name = "文书与文件"
