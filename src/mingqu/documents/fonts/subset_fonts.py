"""
Makes the two font files of this folder from Noto Sans SC (SIL OFL 1.1, see OFL.txt). Run by hand.

    npm pack @expo-google-fonts/noto-sans-sc && tar xzf expo-google-fonts-noto-sans-sc-*.tgz
    python subset_fonts.py package/

Regular keeps every character of the source (30,890, all 8,105 of 通用规范汉字表 among them); only hinting and
layout tables no document uses go. Bold is for headings: GB 2312 and punctuation; it gets a family name of its
own, so that a rare character in a heading falls back to Regular instead of being a box.
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

HERE = Path(__file__).resolve().parent
HEAD_FAMILY = "Noto Sans SC Head"
FAMILY_NAME_IDS = {
    1: HEAD_FAMILY,
    2: "Regular",
    4: HEAD_FAMILY,
    6: "NotoSansSCHead-Regular",
    16: HEAD_FAMILY,
    17: "Regular",
}


def gb2312() -> set[int]:
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue  # an unassigned cell of the table
    return found


def heading_characters() -> set[int]:
    ranges = [
        (0x20, 0x7F),
        (0xA0, 0x180),
        (0x2000, 0x2070),
        (0x2460, 0x24A0),
        (0x3000, 0x3030),
        (0xFF00, 0xFFF0),
    ]
    return gb2312() | {code for start, end in ranges for code in range(start, end)}


def make(source: Path, target: Path, characters: set[int], *, head: bool) -> None:
    options = subset.Options()
    options.layout_features = ["kern", "vert", "mark", "mkmk", "ccmp", "locl"]
    options.drop_tables += ["vhea", "vmtx", "BASE"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    if head:
        for name_id, text in FAMILY_NAME_IDS.items():
            font["name"].setName(text, name_id, 3, 1, 0x409)
        font["OS/2"].usWeightClass = 400
        font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x20) | 0x40
        font["head"].macStyle = 0
        if "STAT" in font:
            del font["STAT"]
    subset.save_font(font, str(target), options)


def main(package: Path) -> None:
    regular = package / "400Regular/NotoSansSC_400Regular.ttf"
    make(regular, HERE / "NotoSansSC-Regular.ttf", set(TTFont(regular).getBestCmap()), head=False)
    make(
        package / "700Bold/NotoSansSC_700Bold.ttf",
        HERE / "NotoSansSC-Head.ttf",
        heading_characters(),
        head=True,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
