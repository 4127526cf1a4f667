"""Who carries an item out: told by 统一社会信用代码 and its check characters, never by a name that two may have."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mingqu.catalogue.imports.findings import finding
from mingqu.catalogue.imports.mapping import Mapping
from mingqu.catalogue.imports.takes import Taken, taken
from mingqu.catalogue.imports.types import Finding, Organ, Row
from mingqu.kernel.identifiers import CreditCode, IdentifierRefused, OrganisationCode

FOR_TRAINING = "PX-"  # 培训; no credit code begins so


@dataclass(frozen=True)
class NamedOrgan:
    """An organ of a file that can be told by its code, under the name most of its rows give it."""

    credit_code: str
    name: str

    def entered(self) -> Organ:
        """
        As it stands in the register once it is entered there for training: under a code of its own, so that it neither
        takes the credit code from the organ itself nor is found where that is meant.
        """
        return Organ(self.credit_code, self.name, f"{FOR_TRAINING}{self.credit_code}")


@dataclass
class Organs:
    """The register: found by credit code, by the nine characters of the organisation within it, by the whole name."""

    known: Sequence[Organ]
    _whole: dict[str, Organ] = field(init=False)
    _short: dict[str, list[Organ]] = field(init=False)
    _named: dict[str, list[Organ]] = field(init=False)

    def __post_init__(self) -> None:
        self._whole = {one.code: one for one in self.known if one.code}
        self._whole |= {one.credit_code: one for one in self.known if one.credit_code}
        self._short, self._named = defaultdict(list), defaultdict(list)
        for one in self.known:
            self._short[one.credit_code[8:17]].append(one)
            self._named[one.name].append(one)

    def by_code(self, code: str) -> Organ | None:
        """By 18 characters, or by 9 where only one organ has them."""
        if len(code) == 9:
            found = self._short.get(code, [])
            return found[0] if len(found) == 1 else None
        return self._whole.get(code)

    def by_name(self, name: str) -> Organ | None:
        found = self._named.get(name, []) if name else []
        return found[0] if len(found) == 1 else None


def right(code: str) -> bool:
    """Whether the check characters of a credit code (18) or organisation code (9) are right."""
    try:
        if len(code) == 18:
            CreditCode.parse(code, demo=True)
        else:
            OrganisationCode.parse(code)
    except IdentifierRefused:
        return False
    return len(code) in (9, 18)


def organ_of(said: Taken, mapping: Mapping, organs: Organs) -> tuple[Organ, list[Finding]]:
    """
    The organ of a row. Without a `code` where it is not known to the register: then the findings say why.
    """
    codes, name = said.many("organ_codes"), said.text("organ_name")
    sure = [code for code in codes if right(code)]
    whole = next((code for code in sure if len(code) == 18), "")
    for code in sure:
        if reason := mapping.doubtful_organs.get(code):
            if entered := organs.by_code(code):
                return entered, [_differs(name, entered)]
            return Organ(code, name), [
                finding("organ_doubtful", "item.organ", code=code, name=name, reason=reason)
            ]
        if found := organs.by_code(code):
            return found, ([_differs(name, found)] if name and name != found.name else [])
    if not codes:
        if entered := organs.by_name(name):
            return entered, []
        missing = "organ_code_missing" if name else "organ_missing"
        return Organ("", name), [finding(missing, "item.organ")]
    if not sure:
        return Organ(codes[0][:18], name), [finding("organ_code_wrong", "item.organ", code=codes[0])]
    return Organ(whole, name), [finding("organ_unknown", "item.organ", code=sure[0], name=name)]


def _differs(name: str, found: Organ) -> Finding:
    return finding("organ_name_differs", "item.organ", name=name, known=found.name)


def organs_named(rows: Iterable[Row], mapping: Mapping) -> list[NamedOrgan]:
    """
    The organs a file names with a right code of 18 characters, best code of a row first; a doubtful one is none.

    Of two organs under one name each keeps it: names are for reading, codes tell them apart.
    """
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        said = taken(row, mapping)
        for code in said.many("organ_codes"):
            if len(code) == 18 and right(code) and code not in mapping.doubtful_organs:
                names[code][said.text("organ_name")] += 1
    return [NamedOrgan(code, found.most_common(1)[0][0] or code) for code, found in sorted(names.items())]
