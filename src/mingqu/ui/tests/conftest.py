import pytest

from mingqu.ui import menu


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Addresses without hashes: no collectstatic run stands behind these tests."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def own_addresses(settings):
    settings.ROOT_URLCONF = "mingqu.ui.tests.urls"


@pytest.fixture(autouse=True)
def no_links(monkeypatch):
    """A layout in which no app has registered a link: those of rooms above lead to addresses not known here."""
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(menu, "_may", None)


@pytest.fixture
def sample_links(no_links):
    """Links in every place, all to the one page that ui itself has."""
    menu.register(
        menu.Entry("front", "首页", "ui:accessibility"),
        menu.Entry("sign_in", "登录", "ui:accessibility"),
        menu.Entry("account", "我的", "ui:accessibility"),
        menu.Entry("sign_out", "退出登录", "ui:accessibility"),
        menu.Entry("main", "首页", "ui:accessibility", order=1, icon="home"),
        menu.Entry("main", "办事指南", "ui:elder", order=2, icon="list"),
        menu.Entry("main", "我的办件", "ui:audience", order=3, icon="tray"),
        menu.Entry("help", "办事大厅和村、社区代办点", "ui:accessibility"),
        menu.Entry("open", "办理存证核验", "ui:accessibility"),
        menu.Entry("staff_search", "搜索", "ui:accessibility"),
        menu.Entry("staff", "我的待办", "ui:accessibility", order=1),
        menu.Entry("staff", "全科办件", "ui:elder", order=2, group="科室"),
    )
