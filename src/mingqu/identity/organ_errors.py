"""Refusals about departments that change (机构改革)."""

from mingqu.kernel.errors import DomainError


class DepartmentClosed(DomainError):
    code = "department_closed"
    sentence = "{name}已经撤销，不能再给它新建、任命、授权或者变更。"
    status = 409


class DepartmentChangeOpen(DomainError):
    """One change of a department at a time: the next one starts from what the last one left."""

    code = "department_change_open"
    sentence = "这个部门有一件变更还没有生效。请等它生效，或者先作废。"
    status = 409


class DepartmentChangeGone(DomainError):
    code = "department_change_gone"
    sentence = "这件变更已经办过或者作废了。"
    status = 409


class DepartmentNotSettled(DomainError):
    """What the department still has goes first: afterwards nobody could finish it."""

    code = "department_not_settled"
    sentence = "还不能撤销，有{many}项没有处理完，先处理{first}。"
    status = 409


class PostsWithoutSuccessor(DomainError):
    code = "posts_without_successor"
    sentence = "没有部门承接的，岗位不能整体划转。请选承接职责的部门。"


class DepartmentNameTaken(DomainError):
    code = "department_name_taken"
    sentence = "同一区划里已经有叫这个名称的部门。"


class DepartmentUnchanged(DomainError):
    code = "department_unchanged"
    sentence = "和现在的一样，没有要改的。"


class DepartmentBelowItself(DomainError):
    code = "department_below_itself"
    sentence = "不能选这个部门自己或者它的下级部门。"


class DepartmentOutsideRegion(DomainError):
    """A department stands below one whose region holds its own: access goes down both trees."""

    code = "department_outside_region"
    sentence = "{name}的行政区划不包括这个部门的区划，不能做它的上级。"


class DepartmentOfAnotherRegion(DomainError):
    """A neighbour's department has no power here: it carries on nobody's duties."""

    code = "department_of_another_region"
    sentence = "{name}属于另一个行政区划，不能承接这个部门的职责。"


class OwnPostCarried(DomainError):
    """Posts that go along may do at the successor what they may do here: nobody widens her own."""

    code = "own_post_carried"
    sentence = "您担任的岗位也要划转，划转以后管的范围会变，请由另一名管理员办理。"
    status = 409


class BasisMissing(DomainError):
    code = "department_basis_missing"
    sentence = "请写明依据的文件，例如机构改革方案的文号。"
