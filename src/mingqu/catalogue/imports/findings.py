"""What is found in a row: stable codes with their sentences. With one of `STOPS` a row can't be brought in at all."""

from mingqu.catalogue.imports.types import Finding

# The row can't become a definition.
STOPS = {
    "row_unreadable": "第{line}行读不懂：{reason}",
    "key_missing": "没有区分各行的编号",
    "key_doubled": "编号“{key}”在第{line}行已经有了",
    "code_missing": "没有事项编码",
    "code_malformed": "事项编码“{code}”超过64个字符，或者有空格、斜杠等不能用的符号",
    "name_missing": "没有事项名称",
    "name_too_long": "事项名称超过200个字",
}
NOTES = {
    # organ
    "organ_missing": "没有写明实施机关",
    "organ_code_missing": "没有实施机关的统一社会信用代码",
    "organ_code_wrong": "实施机关代码“{code}”的校验位不对，不能确定是哪个部门",
    "organ_unknown": "部门里没有统一社会信用代码是{code}的“{name}”",
    "organ_doubtful": "实施机关代码{code}和名称“{name}”对不上：{reason}",
    "organ_name_differs": "来源写的实施机关是“{name}”，部门里这个代码是“{known}”",
    # kinds and types
    "type_unknown": "没有写明事项类型，或者不能确定对应哪一类",
    "type_proposed": "来源写的是“{words}”，按对照表推定事项类型，待确认",
    "kind_proposed": "办理性质按规则推定为{kind}：{reason}，待确认",
    "handling_kind_unconfirmed": "名称里有“{words}”，业务办理项类型按新办处理，待确认",
    "value_unknown": "“{value}”（{target}）不在对照表里，没有采用",
    "value_too_long": "{target}“{value}…”超过{most}个字，没有采用",
    "region_outside": "来源写的行政区划{region}不在所选区划内",
    # limits
    "limit_unreadable": "期限“{value}”（{target}）看不懂，没有采用",
    "statutory_missing": "没有法定期限，承诺期限无从比较",
    "promised_missing": "有法定期限，没有承诺期限",
    "limits_missing": "法定期限和承诺期限都没有",
    "promise_exceeds": "承诺期限{promised}长于法定期限{statutory}，或者会比它晚到期（行政许可法第四十二条），没有采用",
    "units_differ": "法定期限{statutory}和承诺期限{promised}单位不同，请核对",
    "limit_over_a_year": "法定期限{statutory}相当于一年或者更长，请核对",
    # guide
    "telephone_missing": "没有咨询电话",
    "conditions_missing": "没有受理条件",
    "materials_missing": "没有申请材料",
    "material_doubled": "材料“{name}”写了两次，保留一次",
    "link_missing": "办理性质是查询、指引，但没有网址，不能发布",
    "link_malformed": "网址“{link}”不是http或者https开头，没有采用",
    "visits_unreadable": "到现场次数“{value}”看不懂，没有采用",
    # several organs
    "stages_unreadable": "联办机关“{text}”看不懂，没有采用",
    "stage_organ_proposed": "环节“{name}”由“{organ}”办理，部门和岗位待确认",
    "no_decider": "联办机关里没有写明由谁作出决定",
    "several_deciders": (
        "联办机关里写了{count}个作出决定的机关（分级管理），不能确定由谁决定：现在不能申请，"
        "请按行使层级分成几个事项，或者写明由谁决定"
    ),
    "delivered_elsewhere": "证件由“{organ}”制定和送达，与决定机关不同",
    # what is there already
    "in_force_differs": "事项{code}已经发布第{number}版，与这一行有{count}处不同：{words}",
    # laws
    "basis_missing": "没有写明设定依据",
    "basis_proposed": "受理条件里提到了{count}处法律法规条文，作为设定依据的建议，待确认",
}

# What a target of a mapping is called in sentences.
TARGETS = {
    "type": "事项类型",
    "level": "行使层级",
    "audience": "服务对象",
    "theme": "主题",
    "life_events": "人生事件",
    "handling_kind": "业务办理项类型",
    "statutory": "法定期限",
    "promised": "承诺期限",
    "organ_codes": "实施机关代码",
    "materials": "申请材料",
    "summary": "简介",
    "base_code": "基本编码",
    "organ_name": "实施机关",
    "handling_code": "业务办理项编码",
    "conditions": "受理条件",
}


def finding(code: str, path: str = "", /, **values: object) -> Finding:
    """A finding in words. Raises KeyError for a code that is not in the table."""
    sentence = STOPS.get(code) or NOTES[code]
    if target := values.get("target"):
        values["target"] = TARGETS.get(str(target), target)
    return Finding(code, sentence.format_map({key: str(value) for key, value in values.items()}), path)
