"""
The same pages for a single service and for 一件事: the form, the materials line by line, and the last look. What the
two do differently is said by a `Filling`; access is marked where the addresses are (`drafting`, `bundles`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Self
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.cases.services.files import Upload
from mingqu.cases.types import Addressee, CommitmentInput, OnPaper
from mingqu.documents import services as documents
from mingqu.documents.services.files import limits
from mingqu.documents.types import CheckedUpload
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound
from mingqu.identity import selectors as identity
from mingqu.identity.types import AssistingActor
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.access import staff
from mingqu.workbench.selectors import window as pages
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG
from mingqu.workbench.window_forms import HandInForm, MaterialsForm

View = Callable[..., HttpResponse]
VERSION, END = "_version", "_end"
ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,image/*,application/pdf"
PROMISED = {"owed": "gap", "promise": "promise"}


@dataclass(frozen=True)
class HandIn:
    """What the last page brings: the draft as it was read out, under the key of this press, signed or not."""

    version: int
    key: UUID
    signature: CheckedUpload | None


@dataclass(frozen=True)
class Filling(ABC):
    """An open draft of the person at the window, and what may be done with it."""

    draft: Any
    by: AssistingActor
    at: Instant

    names = ""  # the first part of the names of its addresses
    by_phone = False  # whether the applicant may send pictures from her phone

    @classmethod
    @abstractmethod
    def open(cls, draft_id: UUID, by: AssistingActor, at: Instant) -> Self:
        """Raises DraftNotFound, DraftAlreadyFiled, NotAuthorised."""

    @property
    @abstractmethod
    def provided(self) -> Sequence[Any]:
        """How each material is provided so far."""

    @property
    @abstractmethod
    def missing(self) -> list[str]: ...

    @property
    @abstractmethod
    def circumstances(self) -> forms.Circumstances: ...

    @abstractmethod
    def lines(self, form: MaterialsForm) -> list[pages.MaterialLine]: ...

    @abstractmethod
    def ways(self) -> dict[str, Any]: ...

    @abstractmethod
    def summary(self) -> dict[str, Any]: ...

    @abstractmethod
    def mark_papers(self, papers: Mapping[str, OnPaper | None]) -> None: ...

    @abstractmethod
    def add_files(self, material: str, uploads: Sequence[Upload]) -> None: ...

    @abstractmethod
    def sign(self, commitment: CommitmentInput) -> None: ...

    @abstractmethod
    def bring_now(self, material: str) -> None: ...

    @abstractmethod
    def choose_delivery(self, way: str, to: Addressee | None = None) -> bool: ...

    @property
    def online(self) -> bool:
        """Whether the applicant can be served electronically."""
        return identity.reached_online([self.draft.person.id])

    def slips(self) -> list[tuple[str, str]]:
        """Paper slips of an outage that this draft may be: id and words (补录)."""
        return []

    def choose_slip(self, slip_id: str) -> bool:
        """True where that is new: the draft has one more version then."""
        return False

    @abstractmethod
    def file(self, given: HandIn, by: Actor) -> str:
        """Its number."""

    def again(self) -> Self:
        """As it stands by now."""
        return self.open(self.draft.id, self.by, self.at)

    @classmethod
    def home(cls, request: Any, draft_id: UUID) -> HttpResponse:
        """Where one goes on when this draft is no more: to the person at the window."""
        return redirect("workbench:window_person")

    def to(self, name: str, **args: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"workbench:{self.names}_{name}", kwargs=args))

    def context(self, here: str) -> dict[str, Any]:
        """What every page of a draft shows: whose it is and the way through."""
        base = reverse(f"workbench:{self.names}_draft", args=[self.draft.id])
        return {"draft": self.draft, "steps": pages.steps(self.draft.schema, here), "base_url": base}


def on_draft(kind: type[Filling]) -> Callable[[View], View]:
    """Give the view the person's draft with all that is known of it, or say what became of it."""

    def marked(view: View) -> View:
        @wraps(view)
        def opened(request: Any, by: AssistingActor, draft_id: UUID, **given: Any) -> HttpResponse:
            try:
                filling = kind.open(draft_id, by, request.at)
            except DraftAlreadyFiled:
                messages.error(request, "这份申请已经提交过了，请在下面的办件里查看。")
                return kind.home(request, draft_id)
            except DraftNotFound:
                messages.error(request, "没有找到这份草稿，或者它不是这位申请人的。")
                return kind.home(request, draft_id)
            return view(request, filling, **given)

        return opened

    return marked


def pages_of(
    action: str, opened: Callable[[View], View], kind: type[Filling]
) -> tuple[View, View, View, View]:
    """
    The four pages of a draft of this kind, for whoever may `action`: straight on, the form, the materials, the last
    look. `opened` gives a page the one who fills in, or says why there is none.
    """

    def page(shown: View, methods: Sequence[str], *secret: str) -> View:
        marked = with_devices(require_http_methods(methods)(opened(on_draft(kind)(shown))))
        return staff(action)(never_cache(sensitive_post_parameters(*secret)(marked)))

    return (
        page(whats_next, ["GET", "HEAD"]),
        page(form_page, GET_OR_POST),
        page(materials, GET_OR_POST, "signature"),
        page(check, GET_OR_POST, "signature"),
    )


def whats_next(request: Any, filling: Filling) -> HttpResponse:
    """Straight to what is still to be done."""
    draft = filling.draft
    if draft.problems:
        return filling.to("page", draft_id=draft.id, page=draft.problems[0].page)
    return filling.to("materials" if filling.missing else "check", draft_id=draft.id)


# The form -------------------------------------------------------------------------------------------------


def form_page(request: Any, filling: Filling, page: int) -> HttpResponse:
    """One page of the same form the applicant would get; wrong answers are kept and said."""
    draft = filling.draft
    if page not in {one.number for one in draft.schema.pages}:
        return filling.to("draft", draft_id=draft.id)
    data = request.POST if request.method == "POST" else None
    form = forms.page_form(draft.schema, page, draft.view.answers, filling.circumstances, data=data)
    if data is None:
        return _form_shown(request, filling, page, form)
    valid = form.is_valid() and END in data
    try:
        forms.save_draft(
            draft_id=draft.id,
            changes=form.changes,
            base_version=as_number(data.get(VERSION, "")),
            by=filling.by,
            at=request.at,
            page=page,
        )
    except DomainError as refused:
        form.add_error(None, refused.message)
        return _form_shown(request, filling.again(), page, form, status=refused.status)
    if not valid:
        return _form_shown(request, filling.again(), page, form, status=WRONG)
    if page < len(draft.schema.pages):
        return filling.to("page", draft_id=draft.id, page=page + 1)
    return filling.to("materials", draft_id=draft.id)


def as_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _form_shown(
    request: Any, filling: Filling, page: int, form: forms.PageForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "schema_page": filling.draft.schema.page(page),
        **filling.context(f"page{page}"),
    }
    return render(request, "workbench/window_page.html", context, status=status)


# The materials --------------------------------------------------------------------------------------------


def materials(request: Any, filling: Filling) -> HttpResponse:
    """One line a material: original, copy, how many, scan, certificate, promise, later, missing; one key each."""
    if request.method != "POST":
        return _materials_shown(request, filling, MaterialsForm(filling.provided, initial=filling.ways()))
    form = MaterialsForm(filling.provided, request.POST)
    if not form.is_valid():
        return _materials_shown(request, filling, form, status=WRONG)
    try:
        _keep(request, filling, form)
    except DomainError as refused:
        field = refused.field if refused.field in form.fields else _field_of(form, refused.field)
        form.add_error(field, refused.message)
    newest = filling.again()
    if form.errors:
        return _materials_shown(request, newest, form, status=WRONG)
    if newest.missing:
        messages.error(request, f"还缺：{'、'.join(newest.missing)}。")
        return filling.to("materials", draft_id=newest.draft.id)
    return filling.to("check", draft_id=newest.draft.id)


def _field_of(form: MaterialsForm, code: str | None) -> str | None:
    names = {"name": "signed_name", code or "": f"way-{code}"}
    found = names.get(code or "")
    return found if found in form.fields else None


def _keep(request: Any, filling: Filling, form: MaterialsForm) -> None:
    """Put every line down as it was chosen."""
    ways = {one.material.code: form.way(one.material.code) for one in filling.provided}
    filling.mark_papers({code: form.in_hand(code) for code in ways})
    for one in filling.provided:
        code, way = one.material.code, ways[one.material.code]
        if way == "scan":
            there = bool(filling.draft.files.get(code))
            scan(request, form, code, partial(filling.add_files, code), there)
        if way in PROMISED and (one.signed is None or form.cleaned_data.get("agreed")):
            given = form.cleaned_data
            signed = CommitmentInput(
                code=code,
                kind=PROMISED[way],
                name=given.get("signed_name", ""),
                agreed=bool(given.get("agreed")),
                signature=given.get("signature", ""),
            )
            filling.sign(signed)
        elif way != "owed":
            filling.bring_now(code)


def scan(request: Any, form: Any, code: str, keep: Callable[..., object], there: bool) -> None:
    """The scans of one line; each refused file is told beside it."""
    given = request.FILES.getlist(f"files-{code}")
    name = f"way-{code}" if f"way-{code}" in form.fields else None
    if not given and not there:
        form.add_error(name, "选了“扫描上传”，还没有选择文件。")
    for file in given:
        # One byte over the limit is enough to be refused for its size; the rest is never read.
        upload = Upload(str(file.name), file.read(limits().file_bytes + 1))
        try:
            keep(uploads=[upload])
        except DomainError as refused:
            form.add_error(name, f"“{upload.name[:40]}”：{refused.message}")


def _materials_shown(
    request: Any, filling: Filling, form: MaterialsForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "rows": filling.lines(form),
        "accept": ACCEPT,
        "by_phone": filling.by_phone,
        **filling.context("materials"),
    }
    return render(request, "workbench/window_materials.html", context, status=status)


# The last look --------------------------------------------------------------------------------------------


def check(request: Any, filling: Filling) -> HttpResponse:
    """Read out, signed, handed in."""
    if request.method != "POST":
        return _check_shown(request, filling, _unsigned(filling))
    form = HandInForm(request.POST, slips=filling.slips(), online=filling.online)
    if not form.is_valid():
        return _check_shown(request, filling, form, status=WRONG)
    try:
        number = _hand_in(request, filling, form)
    except DraftAlreadyFiled:
        messages.error(request, "这份申请刚刚已经提交过了，没有重复提交。")
        return filling.home(request, filling.draft.id)
    except DraftChangedElsewhere:
        newest = filling.again()
        form = _unsigned(newest, form.cleaned_data["delivery"])
        words = "这份申请刚在另一个页面或者设备上改过，还没有提交。下面是最新的内容，请重新核对。"
        return _check_shown(request, newest, form, status=409, changed=words)
    except DomainError as refused:
        return _check_shown(request, filling, form, status=form.tell(refused))
    return filling.to("filed", number=number)


def _unsigned(filling: Filling, delivery: str = "") -> HandInForm:
    view = filling.draft.view
    chosen = delivery or view.context.get("delivery", "window")
    if chosen == "electronic" and not filling.online:
        chosen = "window"
    initial = {"version": view.version, "delivery": chosen, "slip": view.context.get("slip", "")}
    person = filling.draft.person
    initial |= view.aside or {"receiver": person.name or "", "phone": identity.contact_of(person.id)}
    return HandInForm(initial=initial, slips=filling.slips(), online=filling.online)


def _hand_in(request: Any, filling: Filling, form: HandInForm) -> str:
    given = form.cleaned_data
    signature = documents.check_signature(given["signature"])
    version = given["version"]
    if filling.draft.view.version == version and filling.choose_delivery(given["delivery"], form.to):
        version += 1
    if filling.draft.view.version <= version and filling.choose_slip(given.get("slip", "")):
        version += 1
    return filling.file(HandIn(version, form.command_key, signature), request.actor)


def _check_shown(
    request: Any, filling: Filling, form: HandInForm, *, status: int = 200, changed: str = ""
) -> HttpResponse:
    context = {"form": form, "changed": changed, **filling.context("check"), **filling.summary()}
    return render(request, "workbench/window_check.html", context, status=status)
