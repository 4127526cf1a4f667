"""The demo district's own registers: people and firms that do not exist (demo_register.yaml)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from mingqu.identity.sources.base import RegisteredFirm
from mingqu.identity.types import IdentityFacts
from mingqu.kernel.yaml_text import read_yaml


@lru_cache(maxsize=1)
def _register() -> dict[str, Any]:
    return dict(read_yaml((Path(__file__).parent / "demo_register.yaml").read_text("utf-8")))


class DemoRegister:
    """Answers for the invented people and firms of the demo, and for nobody else."""

    def matches(self, facts: IdentityFacts) -> bool:
        given = {"name": facts.name, "number": facts.citizen_number, "valid_until": facts.valid_until}
        return given in _register()["people"]

    def represented(self, credit_code: str, name: str, citizen_number: str) -> RegisteredFirm | None:
        for firm in _register()["firms"]:
            if (firm["code"], firm["representative"], firm["number"]) == (credit_code, name, citizen_number):
                return RegisteredFirm(credit_code, firm["name"], name)
        return None
