from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "optamed.core"
    label = "core"
