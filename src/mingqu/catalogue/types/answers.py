"""What is found with a definition: the files it refers to, what a person's answers come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mingqu.catalogue.types.parts import (
    Material,
    NotNeeded,
    Step,
    Stop,
)


@dataclass(frozen=True)
class StoredFile:
    """A file that a definition refers to by digest: `kind` bpmn, dmn, or of a form its media type."""

    kind: str
    content: bytes


Files = Mapping[str, StoredFile]
"""Digest → file."""


@dataclass(frozen=True)
class SituationResult:
    """What a person's answers come to."""

    answers: dict[str, Any]
    stop: Stop | None
    materials: list[Material]
    steps: list[Step]
    not_needed: list[NotNeeded]
    missing: list[str]  # questions not yet answered


@dataclass(frozen=True)
class Limits:
    """The limit in law and the promised one of an item: how many, of which unit."""

    statutory: tuple[int, str]
    promised: tuple[int, str]
