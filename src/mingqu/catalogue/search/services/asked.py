"""
What people asked for, counted: by day and text, by nobody.

A text has one spelling; numbers, mail addresses and plates are masked, what is left of a text that was only a number is
not kept at all. A day keeps at most so many different texts, so that nobody fills the table.
"""

import re
import unicodedata
from datetime import date, timedelta

from django.db import connection

from mingqu.catalogue.search.lexemes import normal
from mingqu.catalogue.search.models import SearchAsked
from mingqu.catalogue.search.questions import book
from mingqu.kernel import chinese

LONGEST, TEXTS_A_DAY, KEPT_DAYS = 40, 5000, 400
MEASURED = 200  # characters that are looked at: the patterns below take their time with more
MASK = "＊"
_MAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"[0-9a-z]*\d[0-9a-z]{3,}|\d(?:[^\w＊]{0,2}_?\d){4,}", re.IGNORECASE)
_PLATE = re.compile(r"[一-鿿][a-z]\s*[0-9a-z]{4,6}(?![0-9a-z])", re.IGNORECASE)
_NAMED = re.compile(r"(我叫|姓名|名字叫|本人)\s*[一-鿿]{2,4}")
# The commonest family names, and what a word ends with that is no name though it begins like one: 施工证, 车船税.
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤欧阳"
)
_BARE_NAME = re.compile(rf"[{_FAMILY}][㐀-鿿]{{1,2}}|(?:欧阳|上官|司马|诸葛|司徒|令狐)[㐀-鿿]{{1,2}}")
_NO_NAME = re.compile(r"[证照费税卡金表店厂许贷款本码票]$")
_COUNT = """
INSERT INTO catalogue_searchasked AS a (id, day, text, asked, nothing, opened)
SELECT gen_random_uuid(), %(day)s, %(text)s, %(asked)s, %(nothing)s, %(opened)s
WHERE EXISTS (SELECT 1 FROM catalogue_searchasked WHERE day = %(day)s AND text = %(text)s)
 OR (SELECT count(*) FROM (SELECT 1 FROM catalogue_searchasked WHERE day = %(day)s LIMIT %(most)s) AS today) < %(most)s
ON CONFLICT (day, text) DO UPDATE SET asked = a.asked + EXCLUDED.asked, nothing = a.nothing + EXCLUDED.nothing,
 opened = a.opened + EXCLUDED.opened
"""


def masked(text: str) -> str:
    """What may be kept of a text; "" if nothing may."""
    kept = _MAIL.sub(MASK, unicodedata.normalize("NFKC", text[:MEASURED]).strip())
    for personal in (_PLATE, _NUMBER):
        kept = personal.sub(MASK, kept)
    kept = _NAMED.sub(rf"\1{MASK}", kept)
    parts = [
        " ".join(word for word in normal(part).split() if not _is_name(word)) for part in kept.split(MASK)
    ]
    return MASK.join(parts)[:LONGEST] if any(parts) else ""


def _is_name(word: str) -> bool:
    """A bare name of a person: a family name, one or two characters, and no word or saying; famous people's too."""
    if not _BARE_NAME.fullmatch(word) or _NO_NAME.search(word):
        return False
    if any(one.everyday == word for one in book().sayings):
        return False
    kinds = chinese.words(word)
    if len(kinds) == 1:  # the dictionary knows famous names, and calls some short words names
        return len(word) > 2 and kinds[0][1] == "nr"
    return kinds[0][0] in _FAMILY or kinds[0][1].startswith("n")


def note_asked(text: str, day: date, *, nothing: bool) -> None:
    """Somebody asked for this; `nothing`: and nothing was found."""
    _note(text, day, asked=1, nothing=int(nothing), opened=0)


def note_opened(text: str, day: date) -> None:
    """Somebody opened one of the things that were found."""
    _note(text, day, asked=0, nothing=0, opened=1)


def _note(text: str, day: date, **numbers: int) -> None:
    if kept := masked(text):
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"day": day, "text": kept, "most": TEXTS_A_DAY, **numbers})


def prune(day: date) -> int:
    """Forget what is older than the statistics need."""
    return SearchAsked.objects.filter(day__lt=day - timedelta(days=KEPT_DAYS)).delete()[0]
