"""
Rows of a job that fail as nobody foresaw. Such a failure is counted on its row, the others go on, and a later run
tries it again; after a few times the row stands aside with a sentence and a reference under which operators find it in
the log. What refuses with a sentence of its own (DomainError) is no such failure.
"""

import logging
import secrets
import traceback
from datetime import timedelta

from mingqu.kernel.errors import DomainError, to_citizens

TRIES = 3
TOLD_FOR = timedelta(days=7)  # how long operators are told of a row that stood aside
log = logging.getLogger(__name__)


class RowStoodAside(DomainError):
    """Never raised out of a job: its words stand on the row."""

    code = "row_stood_aside"
    sentence = to_citizens(
        "系统处理不了这一行，试了{tries}次都没有成功。请把代码{reference}告诉网站的管理人员。其他行不受影响。"
    )
    status = 500


def failed(tries: int, error: Exception, what: str) -> str:
    """
    What stands on the row from now on; "" while it will be tried again. `tries`: how often it failed, this time
    included. The log says where it failed and as what, never the words of the error, which may be personal.
    """
    reference = secrets.token_hex(4)
    at = traceback.extract_tb(error.__traceback__)
    place = f"{at[-1].filename.rpartition('/')[2]}:{at[-1].lineno}" if at else ""
    log.error(
        "%s failed, time %s, reference %s: %s at %s", what, tries, reference, type(error).__name__, place
    )
    return RowStoodAside(tries=tries, reference=reference).message if tries >= TRIES else ""


def told(rows: int) -> str:
    """For the page of operators; "" where no row stands aside."""
    return f"有{rows}行试了{TRIES}次都处理不了，代码写在那一行上，日志里有同样的代码" if rows else ""
