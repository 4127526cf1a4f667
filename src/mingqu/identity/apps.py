from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

OF_DEPARTMENTS = frozenset({"identity:agree_change", "identity:drop_change"})


class IdentityConfig(AppConfig):
    name = "mingqu.identity"
    label = "identity"

    def ready(self) -> None:
        from mingqu.identity import organ_ties, own_account
        from mingqu.identity.services import access, capacities, own_data, settling
        from mingqu.identity.views.admin import recoveries
        from mingqu.kernel.commands import use_agency_rule
        from mingqu.ui import menu

        use_agency_rule(capacities.require_live)
        own_data.register(own_account.holding())
        settling.register("identity", *organ_ties.TIES)
        menu.register_waiting("identity:organs", _waiting)
        menu.register_waiting("identity:departments", _changes)

        menu.register_waiting("identity:recoveries", recoveries.waits)
        menu.use_rule(lambda actor, action: access.may(actor, action) if action else actor.kind == "staff")
        menu.register(
            menu.Entry("sign_in", _("登录"), "identity:sign_in"),
            menu.Entry("sign_out", _("退出登录"), "identity:sign_out"),
            menu.Entry("account", _("我的资料"), "identity:profile"),
            menu.Entry("about", _("工作人员登录"), "identity:staff_sign_in", order=900),
            menu.Entry("staff", "工作人员账号", "identity:accounts", order=520, group="平台"),
            menu.Entry(
                "staff", "部门名录", "identity:departments", order=531, group="平台", also=OF_DEPARTMENTS
            ),
            menu.Entry("staff", "部门和岗位", "identity:organs", order=530, group="平台"),
            menu.Entry("staff", "窗口换号", "identity:recoveries", order=109, group="窗口和收费"),
            menu.Entry("staff", "接入应用", "identity:outside_apps", order=535, group="平台"),
            menu.Entry("staff", "人事系统对接", "identity:registers", order=537, group="平台"),
            menu.Entry("staff", "培训区域", "identity:training_regions", order=540, group="平台"),
            menu.Entry("staff_lock", "锁屏", "identity:lock_screen"),
            menu.Entry("staff_unlock", "解锁", "identity:unlock_screen"),
            menu.Entry("staff_posts", "切换岗位", "identity:posts"),
            menu.Entry("staff", "切换岗位", "identity:posts", order=900, group="我的账号"),
            menu.Entry("staff", "修改密码", "identity:password", order=910, group="我的账号"),
            menu.Entry("staff", "第二验证方式", "identity:second_factor_setup", order=920, group="我的账号"),
        )


def _waiting(actor: Actor, at: Instant) -> Waiting | None:
    from mingqu.identity import org_lists
    from mingqu.identity.services import access

    many = org_lists.waiting_imports() if access.may(actor, "identity.agree_organisation") else 0
    return Waiting(f"{many}份机构和人员的表等您复核") if many else None


def _changes(actor: Actor, at: Instant) -> Waiting | None:
    from mingqu.identity import organ_lists
    from mingqu.identity.services import access, organ_changes
    from mingqu.kernel.legal_day import legal_day

    if access.may(actor, organ_changes.AGREE):
        many = organ_lists.waiting_changes(actor.id)
        return Waiting(f"{many}件部门变更等您复核") if many else None
    if access.may(actor, organ_changes.CHANGE) and (many := organ_lists.stuck_changes(legal_day(at))):
        return Waiting(f"{many}件部门变更到了日子没有生效，还有要处理的")
    return None
