"""Refusals about paper at the desk: pictures sent from a phone, copies counted, notices not served."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import NotFound, to_citizens


class PhoneSlotUnknown(NotFound):
    code = "phone_slot_unknown"
    sentence = to_citizens("这个编号已经失效，或者不对。请看窗口屏幕上的6位数字，重新输入。")


class PhoneSlotFull(CaseRefusal):
    code = "phone_slot_full"
    sentence = to_citizens("最多发{most}张。还要发的，请告诉窗口工作人员。")


class CopiesWrong(CaseRefusal):
    code = "copies_wrong"
    sentence = "收到几份，请填1到{most}的数。"


class PapersUnserved(CaseRefusal):
    code = "papers_unserved"
    sentence = (
        "还有文书没有登记送达：{papers}。"
        "请先在办件页的“送达记录”里登记怎样送到的；确实说不清的，写明原因结掉，再归档。"
    )


class PhoneFileUnknown(NotFound):
    code = "phone_file_unknown"
    sentence = "没有找到这张照片，可能已经收下或者不要了。"
