import json
import os
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mingqu.kernel.yaml_text import read_yaml

HERE = Path(__file__).parent
ROOT = Path(__file__).resolve().parents[6]
DATA = Path(os.environ.get("MINGQU_DATA") or ROOT.parent / "shared" / "data")
GUANGDONG = DATA / "gd_service_items" / "policy.jsonl"
GUANGAN = DATA / "guangan_service_items" / "bszl-data.json"
KINDS = {"everyday", "event", "firm", "material", "official", "part", "pinyin", "typo", "absent", "noise"}
LABELS = ["labels_a.yaml", "labels_b.yaml"]

both_labels = pytest.mark.parametrize("name", LABELS)


def read(name):
    return read_yaml((HERE / name).read_text(encoding="utf-8"))


def demonstration_keys():
    folder = ROOT / "src/mingqu/config/demo/definitions"
    files = [read_yaml(file.read_text(encoding="utf-8")) for file in folder.glob("*.yaml")]
    return {file["item"]["code"] for file in files}


def guangdong_keys():
    with GUANGDONG.open(encoding="utf-8") as file:
        return {json.loads(line)["TASK_CODE"] for line in file if line.strip()}


def guangan_keys():
    departments = json.loads(GUANGAN.read_text(encoding="utf-8"))
    return {
        parse_qs(urlsplit(item["link"]).query)["itemCode"][0]
        for department in departments
        for group in department["items"]
        for item in group["sub_items"]
    }


def test_no_two_queries_have_the_same_number_or_the_same_words():
    queries = read("queries.yaml")

    assert [number for number, times in Counter(q["id"] for q in queries).items() if times > 1] == []
    assert [words for words, times in Counter(q["query"] for q in queries).items() if times > 1] == []


def test_every_query_is_of_a_known_kind_and_every_kind_has_queries():
    assert {q["kind"] for q in read("queries.yaml")} == KINDS


@both_labels
def test_every_query_has_labels_even_if_they_say_that_nothing_fits(name):
    assert list(read(name)) == [q["id"] for q in read("queries.yaml")]


@both_labels
def test_no_key_is_listed_twice_for_one_query(name):
    assert [number for number, keys in read(name).items() if len(keys) != len(set(keys))] == []


@both_labels
def test_every_labelled_item_is_in_the_corpus(name):
    if not (GUANGDONG.exists() and GUANGAN.exists()):
        pytest.skip("no shared data")
    corpus = guangdong_keys() | guangan_keys() | demonstration_keys()

    assert {key for keys in read(name).values() for key in keys} - corpus == set()
