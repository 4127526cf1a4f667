"""Search over 500,000 generated services: the whole answer of `find`, beside bare tantivy over the same lexemes."""

import itertools
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from statistics import quantiles
from typing import Any

from django.db import connections

from mingqu.catalogue.search import lexemes, selectors
from mingqu.catalogue.search.services import index as services
from mingqu.catalogue.search.types import Narrow, Source
from tests.bench.figures import Figure

ROWS, REGIONS, ASKED, BAR_MS = 500_000, 10, 400, 20
CLIENTS = (1, 4)
COLUMNS = (
    "id, kind, code, name, aliases, summary, department_code, department_name, region_code, audience, theme,"
    " handling_kind, applicable, body, sounds, initials, lexemes"
)
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
    """Names of two or three words of uneven frequency, regions of a tree, materials that many services share."""
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
            theme="其他",
            applicable=number % 4 > 0,
            materials=dice.sample(papers, 5),
        )


def questions(rows: list[Source], count: int) -> list[tuple[str, Narrow]]:
    """Parts of names, whole names, with filters, initials, sounds, typing mistakes, words that stand everywhere."""
    dice = random.Random(11)
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
        found.append((text, Narrow(region=f"99{dice.randrange(1, REGIONS):02d}") if n % 5 == 0 else Narrow()))
    return found


def bench() -> Iterable[Figure]:
    rows = list(sources(ROWS // REGIONS))
    began = time.perf_counter()
    fill(rows)
    yield Figure(f"search: index of {ROWS:,} services made anew", time.perf_counter() - began, "s")
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE catalogue_searchentry, catalogue_searchterm")
        cursor.execute("SELECT pg_total_relation_size('catalogue_searchentry') / 1048576.0")
        yield Figure("search: table and index", float(cursor.fetchone()[0]), "MiB")
    connections["owner"].close()
    asked = questions(rows, ASKED)
    with tempfile.TemporaryDirectory() as folder:
        bare = tantivy_index(folder, rows)
        for clients in CLIENTS:
            beside = spread(tantivy_search(folder), asked, clients) if bare else None
            ours = spread(ask, asked, clients)
            name = f"search: {ROWS:,} services, {clients} client{'s' if clients > 1 else ''}"
            yield Figure(f"{name}, median", ours[49], "ms")
            yield Figure(f"{name}, 99th percentile", ours[98], "ms", bar=BAR_MS)
            if beside:
                yield Figure(f"{name}, bare tantivy, 99th percentile", beside[98], "ms")


def fill(rows: list[Source]) -> None:
    """Each name in ten regions, as districts share theirs; the index made last, as a restored backup does."""
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
            " LATERAL (SELECT '99' || lpad((1 + n)::text, 2, '0') || lpad((1 + hashtext(code) & 7)::text, 2, '0')"
            " || '000000' AS region) AS place",
            [REGIONS],
        )
        cursor.execute(
            "CREATE INDEX search_lexemes ON catalogue_searchentry USING gin (lexemes) WITH (fastupdate = off)"
        )
        cursor.execute(services._COUNT_ANEW, [lexemes.FILTER])


def ask(text: str, to: Narrow) -> object:
    return selectors.find(text, to)


def tantivy_index(folder: str, rows: list[Source]) -> bool:
    """The same lexemes, cut by spaces; False where tantivy is not installed."""
    try:
        import tantivy
    except ImportError:
        return False
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("code", stored=True)
    builder.add_text_field("lexemes", tokenizer_name="whitespace")
    index: Any = tantivy.Index(builder.build(), path=folder)
    writer = index.writer(200_000_000, 1)
    for one in rows:
        words = " ".join(lexemes.lexemes(one))
        for n in range(REGIONS):
            writer.add_document(tantivy.Document(code=f"{one.code}-{n}", lexemes=f"{words} @r:99{n + 1:02d}"))
    writer.commit()
    writer.wait_merging_threads()
    return True


def tantivy_search(folder: str) -> Callable[[str, Narrow], object]:
    def search(text: str, to: Narrow) -> object:
        import tantivy

        index: Any = OPEN.setdefault(folder, tantivy.Index.open(folder))
        words = lexemes.pairs(lexemes.normal(text))
        terms: Any = [
            (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "lexemes", one)) for one in words
        ]
        for group in lexemes.narrowing(to):
            terms.append((tantivy.Occur.Must, tantivy.Query.term_query(index.schema, "lexemes", group[0])))
        return index.searcher().search(tantivy.Query.boolean_query(terms), 20).hits

    return search


OPEN: dict[str, Any] = {}


def spread(
    deed: Callable[[str, Narrow], object], asked: list[tuple[str, Narrow]], clients: int
) -> list[float]:
    """Percentiles of the milliseconds of one answer, with so many processes asking at once."""
    for connection in connections.all():
        connection.close()
    context: Any = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    ready = context.Barrier(clients)

    def client(number: int) -> None:
        mine = asked[number * 7 :] + asked[: number * 7]
        for text, to in mine[:60]:
            deed(text, to)
        ready.wait()
        times = []
        for text, to in mine:
            began = time.perf_counter()
            deed(text, to)
            times.append(1000 * (time.perf_counter() - began))
        results.put(times)

    running = [context.Process(target=client, args=(number,)) for number in range(clients)]
    for process in running:
        process.start()
    times = [one for _ in running for one in results.get()]
    for process in running:
        process.join()
    return quantiles(times, n=100)
