from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "mingqu.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from mingqu.catalogue import services as catalogue
        from mingqu.certificates import services as certificates
        from mingqu.law import selectors as law
        from mingqu.portal.selectors.later import next_steps
        from mingqu.portal.selectors.laws import services_citing
        from mingqu.ui import menu

        catalogue.offer_look("办事指南", "发布以后群众看到的指南", "portal:guide_preview", 10)
        certificates.offer_next_steps(next_steps)
        law.offer_uses("public", services_citing)

        menu.register_page("guide", "portal:guide")
        menu.register(
            menu.Entry("front", _("首页"), "portal:front"),
            menu.Entry("search", _("搜索"), "portal:search"),
            menu.Entry("acting", _("以谁的名义办事"), "portal:acting"),
            menu.Entry("account", _("我的"), "portal:my", order=10),
            menu.Entry("main", _("首页"), "portal:front", order=10, icon="home"),
            menu.Entry("main", _("办事指南"), "portal:services", order=20, icon="list"),
            menu.Entry("main", _("我的办件"), "portal:my", order=30, icon="tray"),
            menu.Entry("main", _("办理存证"), "portal:ledger", order=80),
            menu.Entry("kiosk", _("自助机首页"), "portal:kiosk"),
            menu.Entry("kiosk_waiting", _("还在吗"), "portal:kiosk_waiting"),
            menu.Entry("kiosk_end", _("结束并清除"), "portal:kiosk_end"),
            menu.Entry("hall_screens", "大厅屏（叫号和办理结果）", "portal:display", order=10),
            menu.Entry("hall_screens", "自助机（办事指南和申请）", "portal:kiosk", order=20),
            menu.Entry("open", _("办理存证核验"), "portal:ledger", order=20),
            menu.Entry("open", _("行政许可决定公开"), "portal:results", order=30),
            menu.Entry("open", _("办理效能公开"), "portal:efficiency", order=32),
            menu.Entry("open", _("公告送达"), "portal:announced", order=33),
            menu.Entry("open", _("网上能办到哪一步"), "portal:depth", order=35),
            menu.Entry("staff", "网上办理深度", "portal:depth", order=285, group="统计"),
            menu.Entry("open", _("代码表"), "portal:codes", order=90),
            menu.Entry("about", _("接口说明（给程序员）"), "portal:programs", order=90),
            menu.Entry("open", _("权责清单和其他清单"), "portal:lists", order=40),
        )
        from mingqu.identity.services import own_data
        from mingqu.portal import own_data as held

        own_data.register(held.holding())
