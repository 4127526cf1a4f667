"""Files as a browser sends them, for a draft's material and for a correction alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingqu.cases.errors import NothingHandedInBefore, PartyNotYours, TooManyFiles
from mingqu.cases.services.files import FILES_PER_MATERIAL, Upload
from mingqu.documents.errors import FileNotFound, UploadRefused
from mingqu.documents.selectors import FileView
from mingqu.documents.services.files import limits
from mingqu.kernel.types import Actor
from mingqu.ui.types import Action

NAME_SHOWN = 40
END = "_end"  # the last field: without it the form arrived only in part
AT_ONCE_MB = settings.MINGQU_LARGEST_REQUEST // 2**20  # of one form with the files of several materials
ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,image/*,application/pdf"


@dataclass
class Taken:
    """How many files were kept, and a sentence for each that was not."""

    kept: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return _("已收到%(count)d个文件。") % {"count": self.kept} if self.kept else ""


def take(request: Any, keep: Callable[[Sequence[Upload]], object], *, name: str = "files") -> Taken:
    """
    Give the files of the field `name` one by one to `keep`: a bad one does not take the good ones with it. What
    `keep` refuses for other reasons than the file is raised.
    """
    taken = Taken()
    given = request.FILES.getlist(name)
    if END not in request.POST:
        taken.errors.append(_("文件没有传完整，可能是网络断了，请重新选择后再传一次。"))
        return taken
    if not given:
        taken.errors.append(_("还没有选择文件。请先拍照或者选择文件，再点“上传”。"))
    for file in given[:FILES_PER_MATERIAL]:
        # One byte over the limit is enough to be refused for its size; the rest is never read.
        upload = Upload(str(file.name), file.read(limits().file_bytes + 1))
        try:
            keep([upload])
        except TooManyFiles as refused:
            taken.errors.append(refused.message)
            return taken
        except UploadRefused as refused:
            taken.errors.append(
                _("“%(name)s”：%(why)s") % {"name": _short(upload.name), "why": refused.message}
            )
        else:
            taken.kept += 1
    if len(given) > FILES_PER_MATERIAL:
        taken.errors.append(TooManyFiles(most=FILES_PER_MATERIAL).message)
    return taken


def again(request: Any, use: Callable[[UUID, Actor], int], *, given: str = "") -> None:
    """
    Use what was handed in with an earlier application, named by its id; told in a sentence, done or refused. Who has
    not signed in has handed in nothing.
    """
    try:
        case_id = UUID(given or request.POST.get("before", ""))
        if request.actor is None:
            raise NothingHandedInBefore()
        count = use(case_id, request.actor)
    except ValueError:
        messages.error(request, NothingHandedInBefore().message)
    except (NothingHandedInBefore, PartyNotYours) as refused:
        messages.error(request, refused.message)
    else:
        words = _("已用上次交的%(count)d个文件，不用再上传。") % {"count": count}
        messages.success(request, words if count else _("这份材料已经有文件了。"))


def take_each(
    request: Any, codes: Iterable[str], keep: Callable[[str, Sequence[Upload]], object]
) -> dict[str, Taken]:
    """The files of several materials in one form, each in its field `files--CODE`; only those that have some."""
    if END not in request.POST:
        return {"": Taken(errors=[_("文件没有传完整，可能是网络断了，请重新选择后再传一次。")])}
    return {
        code: take(request, partial(keep, code), name=f"files--{code}")
        for code in codes
        if request.FILES.getlist(f"files--{code}")
    }


def _short(name: str) -> str:
    return name if len(name) <= NAME_SHOWN else f"{name[:NAME_SHOWN]}…"


def file_of(files: Mapping[str, Sequence[FileView]], file_id: UUID) -> tuple[str, FileView]:
    """The material that has this file, and the file. Raises FileNotFound."""
    for code, found in files.items():
        for file in found:
            if file.id == file_id:
                return code, file
    raise FileNotFound()


def take_back(request: Any, file: FileView, back: str, remove: Callable[[], object]) -> HttpResponse:
    """Take a file back before it is handed in, after a last question."""
    if request.method == "POST":
        remove()
        messages.success(request, _("已撤下“%(name)s”。") % {"name": file.name})
        return redirect(back)
    context = {
        "file": file,
        "action": Action(_("撤下这个文件"), request.path, kind="warn"),
        "back_url": back,
        "consequences": [_("撤下以后，这个文件不会交上去。"), _("还要用的话，可以重新上传。")],
    }
    return render(request, "cases/remove_file.html", context)
