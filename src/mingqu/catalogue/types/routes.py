"""自动判定: what a decision table says of the way a case goes."""

from dataclasses import dataclass

from mingqu.catalogue.types.parts import FeeTable, LawRef


@dataclass(frozen=True)
class RouteResult:
    """One thing the table may say: the value kept and compared, the words shown, the article it rests on."""

    value: str
    label: str
    basis: LawRef


@dataclass(frozen=True)
class Route:
    """
    A business-rule task of the flow: `code` is its id there, `table` the decision (DMN) that is asked when the case
    comes to it: where it is drawn, else right before the first step whose `when` reads it. It reads `situation` and
    `form` and gives the value of one of `results`; conditions behind it read it as `outcome.<code>`. Null, an error or
    any other value: no result, the way for all other cases is taken.
    """

    code: str
    name: str
    table: FeeTable
    results: list[RouteResult]

    def result(self, value: str) -> RouteResult | None:
        return next((one for one in self.results if one.value == value), None)
