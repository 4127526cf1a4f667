"""
Search over 500,000 generated services: the whole answer of `find`, as the page of results asks for it, beside bare
tantivy over the same lexemes and filters.

A client is a process that asks one question after the other. None of the questions was asked before in it: what a
process remembers of words it learns on others.
"""

import itertools
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import tantivy
from django.db import connections

from mingqu.catalogue.search import lexemes, selectors
from mingqu.catalogue.search.models import SearchEntry
from mingqu.catalogue.search.services import index as services
from mingqu.catalogue.search.types import Narrow, Source
from tests.bench.figures import Figure
from tests.bench.meter import backend, cpu_of, in_processes, quiet

ROWS, CITIES, COUNTIES, ASKED, BAR_MS = 500_000, 10, 8, 800, 20
CLIENTS = (1, 4)
THEMES = ("准营准办", "其他", "设立变更")
COLUMNS = (
    "id, kind, code, name, aliases, summary, department_code, department_name, region_code, audience, theme,"
    " handling_kind, applicable, body, sounds, initials, lexemes"
)
Asked = tuple[str, Narrow]
Deed = Callable[[str, Narrow], object]
# Words as official names have them; what is said often comes first.
THINGS = """
食品经营 道路运输 建设工程 医疗机构 公共场所卫生 社会保障卡 居民身份证 不动产 婚姻
户口 残疾人证 养老保险 医疗保险 失业保险 工伤 取水 排污 林木采伐 农药 种子 兽药
动物防疫 渔业捕捞 船舶 危险化学品 烟花爆竹 特种设备 计量器具 药品 医疗器械 化妆品
出版物 印刷 电影放映 娱乐场所 旅行社 文物 广播电视 民办学校 教师资格 律师执业
公证员 司法鉴定 人防工程 消防 户外广告 招牌 建筑垃圾 城市道路 燃气 供水 房屋租赁
商品房预售 物业 水土保持 河道 测绘 矿产资源 土地使用权 林地 草原 保安服务 枪支
护照 港澳通行证 机动车 驾驶证 网约车 出租汽车 客运 货运 港口 公路 航道 邮政
烟草专卖 粮食收购 劳务派遣 人力资源 职业技能 技工学校 社会团体 基金会 民办非企业
慈善组织 殡葬 收养 低保 临时救助 退役军人 抚恤 老年人 儿童福利 计划生育 献血
母婴保健 传染病 放射诊疗 饮用水 学校 幼儿园 体育场馆 高危险性体育 宗教活动场所
清真食品 民族成份 统计 税务 发票 增值税 出口退税 公积金 档案
""".split()  # noqa: SIM905
DEEDS = [
    "许可",
    "审批",
    "核发",
    "备案",
    "登记",
    "变更",
    "注销",
    "延续",
    "补办",
    "换发",
    "查询",
    "确认",
    "认定",
    "给付",
]
GRAINS = "经营管理服务生产销售使用设立运输质量安全信息技术工程项目资格资质环境农业工业商业教育文化卫生体育"


def sources(rows: int) -> Iterator[Source]:
    """Names of two or three words of uneven frequency, materials that many services share; regions come in `fill`."""
    dice = random.Random(7)
    chances = list(itertools.accumulate(1 / (n + 3) for n in range(len(THINGS))))
    made = ["".join(dice.choices(GRAINS, k=2)) for _ in range(4000)]
    papers = [f"{thing}{tail}" for thing in THINGS for tail in ("申请表", "证明", "合同复印件")]
    for number in range(rows):
        thing = dice.choices(THINGS, cum_weights=chances)[0]
        name = f"{dice.choice(made)}{thing}{dice.choice(made)}{dice.choice(DEEDS)}"
        yield Source(
            code=f"B{number:07d}",
            name=name,
            aliases=[f"办{thing}"] if number % 3 else [],
            summary=f"{thing}的{dice.choice(DEEDS)}",
            department_code=f"D{number % 60}",
            department_name=f"第{number % 60}局",
            region_code="990000000000",
            audience=["enterprise" if number % 2 else "natural_person"],
            theme=THEMES[number % 7 % 3],
            applicable=number % 4 > 0,
            materials=dice.sample(papers, 5),
        )


def stem(city: int, county: int | None = None) -> str:
    """The digits of a region; county 3 of city 2 is 990304."""
    return f"99{city + 1:02d}" + ("" if county is None else f"{county + 1:02d}")


def questions(rows: list[Source], count: int, seed: int = 11) -> list[Asked]:
    """
    Parts of names, whole names, initials, sounds, typing mistakes, words that stand everywhere: each in one city or
    county among what can be applied for, every fifth of a theme too.
    """
    dice = random.Random(seed)
    found = []
    for n in range(count):
        one = dice.choice(rows)
        start = dice.randrange(max(1, len(one.name) - 4))
        text = {
            0: one.name,
            1: one.name[start : start + 4],
            2: f"{one.name[:2]} {one.name[-4:]}",
            3: lexemes.initials(one.name[:6]),
            4: lexemes.sound(one.name[:4]),
            5: one.name[:2] + "啊" + one.name[3:7],
            6: one.aliases[0] if one.aliases else one.name[2:6],
            7: f"我想{one.name[-2:]}{dice.choice(THINGS)}怎么办",
        }[n % 8]
        county = dice.choice([None, dice.randrange(COUNTIES)])
        region = stem(dice.randrange(CITIES), county)
        found.append((text, Narrow(region=region, gate="applicable", theme=one.theme if n % 5 == 0 else "")))
    return found


def bench() -> Iterable[Figure]:
    rows = list(sources(ROWS // CITIES))
    if not SearchEntry.objects.filter(code="B0000000-0").exists():  # a kept database has them
        began = time.perf_counter()
        fill(rows)
        yield Figure(f"search: index of {ROWS:,} services made anew", time.perf_counter() - began, "s")
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE catalogue_searchentry, catalogue_searchterm")
        cursor.execute("SELECT pg_total_relation_size('catalogue_searchentry') / 1048576.0")
        yield Figure("search: table and index", float(cursor.fetchone()[0]), "MiB")
    connections["owner"].close()
    with tempfile.TemporaryDirectory() as folder:
        tantivy_index(folder, rows)
        yield from figures(rows, tantivy_search(folder))


def figures(rows: list[Source], bare: Deed) -> Iterable[Figure]:
    """What questions take with so many clients; those without any filter are told beside, as the page may ask so."""
    asked = questions(rows, ASKED)
    everywhere = [(text, Narrow()) for text, _to in asked]
    for text, to in questions(rows, ASKED // 4, seed=12):
        selectors.find(text, to)
        bare(text, to)
    for mixture, those in (("region and gate", asked), ("nothing narrowed", everywhere)):
        for clients in CLIENTS:
            beside, ours = spread(bare, those, clients), spread(selectors.find, those, clients)
            name = f"search: {ROWS:,} services, {mixture}, {clients} client{'s' if clients > 1 else ''}"
            bar = BAR_MS if those is asked else None
            yield Figure(f"{name}, median", median(ours.times), "ms")
            yield Figure(f"{name}, 99th percentile", late(ours), "ms", bar=bar)
            yield Figure(
                f"{name}, 99th percentile beside bare tantivy", late(ours), "ms", beside=late(beside)
            )
            yield Figure(f"{name}, CPU of the client for an answer", ours.client, "ms")
            yield Figure(f"{name}, CPU of PostgreSQL for an answer", ours.server, "ms")
            yield Figure(f"{name}, CPU of bare tantivy for an answer", beside.client, "ms")


def fill(rows: list[Source]) -> None:
    """Each name in ten cities, as districts share theirs; region by region, as `rebuild` writes; the index last."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP INDEX search_lexemes")
        cursor.execute("CREATE TEMP TABLE coming (LIKE catalogue_searchentry)")
        cursor.execute("ALTER TABLE coming ALTER lexemes TYPE text[] USING NULL")
        with cursor.copy(f"COPY coming ({COLUMNS}) FROM STDIN") as copy:
            for one in rows:
                copy.write_row(services._values(one, lexemes.lexemes(one)))
        cursor.execute(
            f"INSERT INTO catalogue_searchentry ({COLUMNS}) SELECT gen_random_uuid(), kind, code || '-' || n, name,"
            " aliases, summary, department_code, department_name, region, audience, theme, handling_kind, applicable,"
            " body, sounds, initials,"
            " array_to_tsvector(lexemes || ARRAY['@r:' || left(region, 4), '@r:' || left(region, 6)])"
            " FROM coming, generate_series(0, %s - 1) AS n,"
            " LATERAL (SELECT '99' || lpad((1 + n)::text, 2, '0')"
            " || lpad((1 + right(code, 7)::int / 8 %% %s)::text, 2, '0') || '000000' AS region) AS place"
            " ORDER BY region, code",
            [CITIES, COUNTIES],
        )
        cursor.execute(
            "CREATE INDEX search_lexemes ON catalogue_searchentry USING gin (lexemes) WITH (fastupdate = off)"
        )
        cursor.execute("DELETE FROM catalogue_searchterm")
        cursor.execute(services._COUNT_ANEW, [lexemes.FILTER])


def tantivy_index(folder: str, rows: list[Source]) -> None:
    """The same lexemes, cut by spaces."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("code", stored=True)
    builder.add_text_field("lexemes", tokenizer_name="whitespace")
    index: Any = tantivy.Index(builder.build(), path=folder)
    writer = index.writer(200_000_000, 1)
    for number, one in enumerate(rows):
        words, county = " ".join(lexemes.lexemes(one)), number // 8 % COUNTIES
        for city in range(CITIES):
            place = f"@r:{stem(city)} @r:{stem(city, county)}"
            writer.add_document(tantivy.Document(code=f"{one.code}-{city}", lexemes=f"{words} {place}"))
    writer.commit()
    writer.wait_merging_threads()


def tantivy_search(folder: str) -> Deed:
    """Twenty rows that share most with the words, within the filters: no ranking by cover, no sayings, no reasons."""
    opened: list[Any] = []

    def search(text: str, to: Narrow) -> object:
        if not opened:
            opened.append(tantivy.Index.open(folder))
        index = opened[0]
        any_of = [(tantivy.Occur.Should, _term(index, one)) for one in _words(text)]
        groups = [(tantivy.Occur.Must, _term(index, group[0])) for group in lexemes.narrowing(to)]
        whole: Any = [(tantivy.Occur.Must, tantivy.Query.boolean_query(any_of)), *groups]
        found = index.searcher().search(tantivy.Query.boolean_query(whole), 20).hits
        return [index.searcher().doc(place)["code"] for _score, place in found]

    return search


def _term(index: Any, lexeme: str) -> Any:
    return tantivy.Query.term_query(index.schema, "lexemes", lexeme)


def _words(text: str) -> list[str]:
    plain = lexemes.normal(text)
    if not plain.replace(" ", "").isascii():
        return lexemes.pairs(plain)
    sounds = [lexemes.SOUND + run for run in lexemes.runs(lexemes.sound(plain), lexemes.SOUND_RUN)]
    return sounds + [lexemes.INITIALS + run for run in lexemes.runs(plain, lexemes.INITIALS_RUN)]


@dataclass(frozen=True)
class Spread:
    """Milliseconds of each answer; milliseconds of CPU for one on average, of the client and of its server process."""

    times: list[float]
    client: float
    server: float


def late(of: Spread) -> float:
    return quantiles(of.times, n=100)[98]


def spread(deed: Deed, asked: list[Asked], clients: int) -> Spread:
    """All questions, with so many processes asking at once, each beginning at another one."""
    with tempfile.TemporaryDirectory() as folder, quiet():
        in_processes(clients, lambda number: _ask(deed, asked, number, Path(folder)))
        told = [json.loads(one.read_text("ascii")) for one in Path(folder).iterdir()]
    count = clients * len(asked)
    return Spread(
        [1000 * one for part in told for one in part["times"]],
        1000 * sum(part["client"] for part in told) / count,
        1000 * sum(part["server"] for part in told) / count,
    )


def _ask(deed: Deed, asked: list[Asked], number: int, folder: Path) -> None:
    first = number * len(asked) // max(CLIENTS)
    mine = asked[first:] + asked[:first]
    deed(*mine[-1])  # a connection's first statement, a folder's opening
    server = [backend()]
    cpu, theirs, times = time.process_time(), cpu_of(server), []
    for text, to in mine:
        began = time.perf_counter()
        deed(text, to)
        times.append(time.perf_counter() - began)
    spent = {"client": time.process_time() - cpu, "server": cpu_of(server) - theirs, "times": times}
    (folder / str(number)).write_text(json.dumps(spent), "ascii")
