"""The name of an item without what is done about it: 取水许可证核发（新办） speaks of 取水许可证. Pure."""

import re

SHORTEST = 4  # signs: 许可, 登记 and other short words stand everywhere
_ASIDE = re.compile(r"[（(〔\[【][^）)〕\]】]*[）)〕\]】]")
_LEFT_OPEN = re.compile(r"[（(].*$")
_LIFE = "办理|新办|新增|变更|延续|注销|补办|换发|补发|补证|首次|初审|申报|申请"
_ACT = "核发|审批|核准|审核|审查|认定|登记|备案|许可|批准|注册|确认|鉴定|检验|验收"
_DONE = re.compile(rf"^(.+?)(证书?|资格|资质)?的?(?:{_ACT})+(?:{_LIFE})*$")


def stems(name: str) -> list[str]:
    """What an item may be called in a law, the longest first; [] where too little is left."""
    bare = _LEFT_OPEN.sub("", _ASIDE.sub("", name)).strip(" ）)")
    bare = re.sub(rf"(?:{_LIFE})+$", "", re.sub(rf"^(?:{_LIFE})+", "", bare))
    found = [bare]
    if done := _DONE.match(bare):
        found += [done[1] + (done[2] or "")]
        found += [done[1]] if len(done[1]) > SHORTEST else []
    return [one for one in dict.fromkeys(found) if len(one) >= SHORTEST]
