"""Each kind of message is met by a test: a wrong parameter would be a dead letter that nobody sees."""

import re

from mingqu.kernel.yaml_text import read_yaml
from tests.architecture.house import SOURCE
from tests.architecture.test_refusals import of_tests, words_of

MESSAGES = SOURCE / "notifications/messages.yaml"
LONG = 5  # signs of a sentence that only its message has


def test_each_kind_of_message_is_met_by_a_test() -> None:
    text = of_tests()
    words = words_of(text)
    kinds = read_yaml(MESSAGES.read_text("utf-8"))["inbox"]

    def met(kind: str) -> bool:
        said = kinds[kind]["title"] + "。" + kinds[kind]["body"]
        pieces = re.split(r"\{\w+\}|[，。：；“”\n]", said)
        return kind in words or any(len(piece) >= LONG and piece in text for piece in pieces)

    assert len(kinds) > 50
    assert sorted(kind for kind in kinds if not met(kind)) == []
