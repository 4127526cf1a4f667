"""What is filled in when a paper is announced (公告送达), and when that is withdrawn."""

from django import forms

from mingqu.workbench.forms import ActForm, long_text


class AnnounceForm(ActForm):
    """What everybody reads, where else it is posted; why, and what was tried, for the file alone."""

    tried = long_text(
        "为什么公告，用过哪些方式送达",
        help_text="写明哪天、用什么方式、送到哪里、为什么没有送到。记入案卷，不公开（民事诉讼法第九十五条）。",
    )
    text = forms.CharField(
        label="公告里另外要说的话",
        required=False,
        max_length=500,
        help_text="例如：请到清禾区政务服务中心3号窗口领取。人人看得到，不要写身份证号、住址、电话。可以不填。",
        widget=forms.Textarea({"rows": 3}),
    )
    place = forms.CharField(
        label="还张贴在哪里",
        max_length=120,
        initial="本网站、政务服务中心公告栏",
        help_text="网站上自动公告，这里写还张贴、登报的地方。",
    )


class WithdrawAnnouncementForm(ActForm):
    """Which one, and why."""

    announcement_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么撤回",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请写明为什么撤回。"},
    )
