"""
Whatever law we cite was looked up: the article exists and says what we cite it for.

CHECKED holds, for every article cited anywhere, a few characters of what it is about, as read in the text. Citing
another article means reading it and adding a line.
"""

import pytest

from mingqu.clocks import types as clocks
from tests.law.citations import LAWS, NAMES, ROOT, Place, articles, cited, files, items, number, paragraphs

CHECKED = {
    "公共场所卫生管理条例": {3: "用具", 4: "卫生许可证", 8: "两年复核"},
    "取水许可和水资源费征收管理条例": {11: "材料", 18: "听证", 19: "45个工作日", 25: "45日前"},
    "人民防空法": {22: "地下室"},
    "固体废物污染环境防治法": {63: "建筑垃圾处理方案"},
    "城市市容和环境卫生管理条例": {11: "大型户外广告", 16: "渣土", 17: "张挂、张贴宣传品"},
    "城市道路管理条例": {31: "临时占用"},
    "城镇排水与污水处理条例": {
        20: "雨水管网",
        21: "污水排入排水管网许可证",
        22: "排放口",
        32: "缴纳污水处理费",
    },
    "居住证暂行条例": {9: "居住地住址", 10: "每年签注1次"},
    "户口登记条例": {3: "公安机关主管", 7: "一个月以内"},
    "市场主体登记管理条例": {19: "当场登记"},
    "建设工程质量管理条例": {11: "施工图设计文件未经审查", 13: "工程质量监督手续"},
    "建筑法": {7: "施工许可证", 8: "建设工程规划许可证", 9: "三个月内开工"},
    "个人信息保护法": {
        6: "最小范围",
        19: "最短时间",
        28: "生物识别",
        29: "单独同意",
        44: "知情权、决定权",
        45: "查阅、复制",
        47: "保存期限",
        51: "去标识化",
        73: "去标识化",
    },
    "全国年节及纪念日放假办法": {2: "春节", 6: "补假", 7: "调休"},
    "国务院关于在线政务服务的若干规定": {
        7: "不得要求行政相对人另行提供",
        9: "电子印章与实物印章",
        10: "电子证照与纸质证照",
        11: "可以作为办理政务服务事项的依据",
        12: "归档",
    },
    "大气污染防治法": {81: "居民住宅楼"},
    "政府信息公开条例": {33: "征求第三方", 34: "逾期未提出意见的视为同意"},
    "数据安全法": {21: "分类分级"},
    "民法典": {
        13: "民事权利能力",
        17: "十八周岁",
        57: "法人",
        61: "法定代表人",
        102: "非法人组织",
        161: "通过代理人",
        162: "对被代理人发生效力",
        164: "造成被代理人损害",
        165: "授权委托书",
        170: "职权范围内",
        173: "委托代理终止",
        200: "公历",
        201: "开始的当日不计入",
        202: "月末日",
        203: "停止业务活动",
    },
    "母婴保健法": {23: "新生儿出生医学证明"},
    "水土保持法": {25: "编制水土保持方案", 26: "不得开工", 32: "水土保持补偿费"},
    "疫苗管理法": {47: "预防接种证制度"},
    "社会保险法": {25: "城镇居民基本医疗保险", 54: "生育保险待遇", 58: "社会保障号码"},
    "消防法": {11: "特殊建设工程", 12: "不得施工", 15: "告知承诺", 73: "公众聚集场所"},
    "电子签名法": {13: "可靠的电子签名", 14: "同等的法律效力"},
    "行政复议法": {
        11: "申请行政许可，行政机关拒绝",
        20: "六十日",
        22: "互联网渠道",
        23: "应当先向行政复议机关",
        24: "县级以上地方各级人民政府",
        27: "垂直领导",
    },
    "行政许可法": {
        2: "本法所称行政许可",
        5: "个人隐私的外，应当公开",
        7: "陈述权、申辩权",
        8: "撤回",
        10: "监督制度",
        12: "可以设定行政许可",
        22: "法定职权",
        26: "联合办理",
        29: "格式文本",
        30: "公示",
        31: "如实",
        32: "逾期不告知",
        34: "两名以上",
        35: "重复提供",
        37: "法定期限",
        38: "说明理由",
        39: "印章",
        40: "公开",
        42: "延长十日",
        44: "十日内",
        45: "专家评审",
        48: "听证笔录",
        49: "变更手续",
        50: "三十日前",
        58: "不得收取任何费用",
        59: "收取费用",
        61: "公众有权查阅行政机关监督检查记录",
        69: "撤销",
        70: "注销",
        72: "不受理",
        78: "虚假材料",
        79: "三年内不得再次申请",
        82: "工作日",
    },
    "公务员法": {76: "应当回避", 77: "审查后作出是否回避的决定"},
    "行政处罚法": {
        9: "暂扣许可证件",
        42: "执法人员不得少于两人",
        43: "应当回避",
        61: "宣告后当场交付",
    },
    "行政诉讼法": {14: "基层人民法院", 18: "所在地人民法院", 45: "十五日", 46: "六个月"},
    "非物质文化遗产法": {18: "国家级非物质文化遗产"},
    "网络安全法": {21: "网络日志不少于六个月"},
    "食品安全法": {33: "设备布局", 35: "许可制度"},
    "食品安全法实施条例": {15: "5年"},
}
needs_texts = pytest.mark.skipif(not LAWS.is_dir(), reason="no shared data")


def all_cited() -> dict[Place, str]:
    """Each place once, with a file that names it."""
    found = {
        place: str(path.relative_to(ROOT)) for path in files() for place in cited(path.read_text("utf-8"))
    }
    constants = [value for name, value in vars(clocks).items() if isinstance(value, clocks.Article)]
    constants += [ground.article for ground in clocks.GROUNDS.values() if ground.article]
    named = {Place(NAMES[a.law], a.article, a.paragraph, a.item): "mingqu.clocks.types" for a in constants}
    return found | named


def test_every_cited_article_was_looked_up():
    unread = [f"{p}: {path}" for p, path in all_cited().items() if p.article not in CHECKED.get(p.law, {})]

    assert unread == []


def test_nothing_stands_in_the_list_that_is_no_longer_cited():
    still = {(place.law, place.article) for place in all_cited()}

    assert [(law, n) for law, numbers in CHECKED.items() for n in numbers if (law, n) not in still] == []


@needs_texts
@pytest.mark.parametrize("law", CHECKED)
def test_each_article_exists_and_says_what_it_is_cited_for(law):
    wrong = [n for n, words in CHECKED[law].items() if words not in articles(law).get(n, "")]

    assert wrong == []


@needs_texts
def test_each_paragraph_and_item_exists():
    missing = []
    for place, path in all_cited().items():
        text = articles(place.law).get(place.article, "")
        if place.paragraph > len(paragraphs(text)) or (place.item and place.item not in items(text)):
            missing.append(f"{place}: {path}")

    assert missing == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("《中华人民共和国行政许可法》第三十二条第一款第四项、第八十二条", {(32, 1, 4), (82, 0, 0)}),
        ("《行政许可法》第三十二条第一款第（四）项", {(32, 1, 4)}),
        ("依照行政许可法第四十四条", {(44, 0, 0)}),
        ("(行政许可法 32(4), 42; 44)", {(32, 0, 4), (42, 0, 0), (44, 0, 0)}),
        ("{law: 中华人民共和国行政许可法, article: 42}", {(42, 0, 0)}),
        ("依照行政许可法办理", set()),
    ],
)
def test_the_ways_of_writing_a_citation_are_read(text, places):
    assert {(p.article, p.paragraph, p.item) for p in cited(text)} == places


@pytest.mark.parametrize(
    ("text", "found"),
    [("十", 10), ("二十", 20), ("八十二", 82), ("一百零二", 102), ("二百", 200), ("35", 35), ("", 0)],
)
def test_numerals_are_read(text, found):
    assert number(text) == found
