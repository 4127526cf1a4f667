"""Refusals about pictures sent from a phone to the desk."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import NotFound, to_citizens


class PhoneSlotUnknown(NotFound):
    code = "phone_slot_unknown"
    sentence = to_citizens("这个编号已经失效，或者不对。请看窗口屏幕上的6位数字，重新输入。")


class PhoneSlotFull(CaseRefusal):
    code = "phone_slot_full"
    sentence = to_citizens("最多发{most}张。还要发的，请告诉窗口工作人员。")


class PhoneFileUnknown(NotFound):
    code = "phone_file_unknown"
    sentence = "没有找到这张照片，可能已经收下或者不要了。"
