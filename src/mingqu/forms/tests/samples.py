"""A form with every kind of question, as a definition writes it."""

SCHEMA = {
    "type": "object",
    "required": ["operator", "premises", "foods", "truth"],
    "properties": {
        "operator": {
            "type": "object",
            "required": ["name", "number", "phone"],
            "properties": {
                "name": {
                    "type": "string",
                    "title": "经营者姓名",
                    "format": "person_name",
                    "prefill": "applicant.name",
                    "maxLength": 50,
                },
                "number": {
                    "type": "string",
                    "title": "公民身份号码",
                    "format": "citizen_number",
                    "prefill": "applicant.citizen_number",
                    "data_grade": "L3",
                },
                "phone": {"type": "string", "title": "手机号码", "format": "phone"},
            },
        },
        "premises": {
            "type": "object",
            "required": ["area_m2", "address", "open_fire"],
            "properties": {
                "address": {"type": "string", "title": "经营地址", "format": "address"},
                "area_m2": {
                    "type": "number",
                    "title": "经营场所面积",
                    "description": "看租赁合同或房产证，算上后厨和仓库。",
                    "examples": ["120", "86.5"],
                    "unit": "平方米",
                    "minimum": 1,
                    "maximum": 100000,
                },
                "seats": {"type": "integer", "title": "座位数", "minimum": 0},
                "open_fire": {"type": "boolean", "title": "后厨是否使用明火"},
                "kind": {
                    "type": "string",
                    "title": "店铺所在的楼栋",
                    "oneOf": [
                        {"const": "detached", "title": "独立门面或商场"},
                        {"const": "flue", "title": "商住楼，有专用烟道", "description": "烟道通到楼顶"},
                    ],
                },
            },
        },
        "foods": {
            "type": "array",
            "title": "打算经营的食品",
            "minItems": 1,
            "items": {"oneOf": [{"const": "hot", "title": "热食"}, {"const": "cold", "title": "冷食"}]},
        },
        "opens_on": {"type": "string", "title": "计划开业日期", "format": "date", "earliest": "today"},
        "firm": {
            "type": "object",
            "required": ["name", "code"],
            "properties": {
                "name": {"type": "string", "title": "企业名称", "format": "firm_name"},
                "code": {"type": "string", "title": "统一社会信用代码", "format": "credit_code"},
            },
        },
        "sign": {
            "type": "string",
            "title": "店招文字编号",
            "pattern": "[A-Z]{2}\\d{3}",
            "examples": ["AB123"],
            "data_grade": "L2",
        },
        "remark": {"type": "string", "title": "补充说明", "format": "long_text", "maxLength": 20},
        "truth": {"type": "boolean", "title": "我确认以上内容属实", "const": True},
    },
}
PAGES = [
    {"title": "谁来经营", "fields": ["operator"]},
    {"title": "店铺多大、在什么楼里？", "fields": ["premises"]},
    {"title": "卖什么", "fields": ["foods", "opens_on", "firm", "sign", "remark"]},
    {"title": "确认", "fields": ["truth"]},
]
NUMBER = "990104198001010013"
FIRM = "91990104MA0000007W"
RIGHT = {
    "operator": {"name": "张伟", "number": NUMBER, "phone": "19900000001"},
    "premises": {"address": "澜州市清禾区青澜街道1号", "area_m2": 86.5, "open_fire": False, "kind": "flue"},
    "foods": ["hot"],
    "opens_on": "2026-12-01",
    "truth": True,
}
