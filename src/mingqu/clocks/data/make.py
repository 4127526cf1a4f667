# /// script
# requires-python = ">=3.11"
# dependencies = ["chinesecalendar==1.11.0", "lunar-python==1.4.8", "borax==4.1.3"]
# ///
"""
Make the two tables beside this file. Run by a developer, never by the product:

    python make.py

calendar.csv   what the State Council's yearly notices changed about Monday to Friday, 2004-2026, from
               `chinesecalendar` (MIT). One row for each run of days: from,to,kind,name.
festivals.csv  the four moving festivals of 全国年节及纪念日放假办法, art. 2, from `lunar-python`
               (MIT, computed new moons and solar terms), compared with `borax` (MIT, published tables).
               `agree` is 0 where they differ: near-midnight new moons that GB/T 33661-2017 will settle.
               Neither is an official almanac, so an estimate built on it is always called provisional.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from borax.calendars.lunardate import LunarDate, TermUtils  # type: ignore[import-not-found]
from lunar_python import Lunar  # type: ignore[import-not-found]

HERE = Path(__file__).parent
FIRST_YEAR, LAST_YEAR = 2027, 2099
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}


def runs(days: dict[date, str], kind: str) -> list[tuple[str, str, str, str]]:
    """Neighbouring days with one name become one row."""
    rows: list[tuple[date, date, str]] = []
    for day in sorted(days):
        name = NAMES[days[day]]
        if rows and rows[-1][2] == name and rows[-1][1] + timedelta(days=1) == day:
            rows[-1] = (rows[-1][0], day, name)
        else:
            rows.append((day, day, name))
    return [(first.isoformat(), last.isoformat(), kind, name) for first, last, name in rows]


def iso(solar: object) -> str:
    return date.fromisoformat(solar.toYmd()).isoformat()  # type: ignore[attr-defined]


def moving(year: int) -> tuple[list[str], list[str]]:
    """Spring festival, qingming, dragon boat, mid-autumn of a year by each of the two libraries."""
    computed = [
        iso(Lunar.fromYmd(year, 1, 1).getSolar()),
        iso(Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]),
        iso(Lunar.fromYmd(year, 5, 5).getSolar()),
        iso(Lunar.fromYmd(year, 8, 15).getSolar()),
    ]
    published = [
        LunarDate(year, 1, 1, 0).to_solar_date().isoformat(),
        TermUtils.nth_term_day(year, TermUtils.get_index_for_name("清明")).isoformat(),
        LunarDate(year, 5, 5, 0).to_solar_date().isoformat(),
        LunarDate(year, 8, 15, 0).to_solar_date().isoformat(),
    ]
    return computed, published


def write(name: str, header: list[str], rows: list[tuple[str, ...]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def main() -> None:
    off = runs(chinese_calendar.holidays, "holiday")
    on = runs(chinese_calendar.workdays, "makeup_workday")
    write("calendar.csv", ["from", "to", "kind", "name"], sorted(off + on))
    years: list[tuple[str, ...]] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        computed, published = moving(year)
        years.append((str(year), *computed, "1" if computed == published else "0"))
    header = ["year", "spring_festival", "qingming", "dragon_boat", "mid_autumn", "agree"]
    write("festivals.csv", header, years)


if __name__ == "__main__":
    main()
