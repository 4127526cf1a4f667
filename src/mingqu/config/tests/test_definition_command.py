"""`mingqu definition`: what the writers of definitions use; and the examples of the documentation, which must hold."""

import json
from pathlib import Path

import pytest

from mingqu.catalogue import checking, files
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.config import cli
from mingqu.process import services as process

DOCS = Path(__file__).parents[4] / "docs" / "definition"
EXAMPLES = sorted((DOCS / "examples").glob("*.yaml"))
DEMO = sorted((Path(__file__).parents[1] / "demo" / "definitions").glob("*.yaml"))


def run(capsys, *command):
    code = cli.main(["definition", *map(str, command)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_there_is_an_example_for_each_standard_template():
    assert [path.stem for path in EXAMPLES] == ["hearing", "joint", "on-the-spot", "stage", "standard"]


@pytest.mark.parametrize("path", [*EXAMPLES, *DEMO], ids=lambda path: path.stem)
def test_every_example_and_every_demo_definition_can_be_published(capsys, path):
    code, out, _err = run(capsys, "check", path)

    assert code == 0, out
    assert "可以发布" in out


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_has_at_least_two_scenarios_and_says_what_is_a_default(path):
    document = files.read_document(path.read_bytes())

    assert all(len(handling["scenarios"]) >= 2 for handling in document["handling"])
    assert any(source["default"] for source in document["sources"])


def test_problems_are_listed_with_their_places(capsys, tmp_path):
    document = files.read_document(EXAMPLES[0].read_bytes())
    document["handling"][0]["steps"][0]["kind"] = "dance"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(files.write_json(document), "utf-8")

    code, out, _err = run(capsys, "check", wrong, EXAMPLES[1])

    assert code == 1
    assert "不能发布，有1处问题" in out and "handling[0].steps[0].kind" in out and "代码表step_kind" in out
    assert "可以发布" in out, "the other file is checked all the same"


def test_files_of_the_bundle_are_found_beside_the_definition(capsys, tmp_path):
    document = files.read_document((DOCS / "examples" / "standard.yaml").read_bytes())
    drawn = process.write_bpmn(process.plan_to_bpmn(plan_of(definition_of(document, "01")), "way"))
    digest, _file = checking.stored_file("bpmn", drawn)
    document["handling"][0]["process"] = {"file": digest, "process": "way"}
    for step in document["handling"][0]["steps"]:
        step.pop("when", None)
    path = tmp_path / "drawn.yaml"
    path.write_text(files.write_document(document), "utf-8")

    missing = run(capsys, "check", path)
    (tmp_path / "way.bpmn").write_bytes(drawn)
    found = run(capsys, "check", path)

    assert (missing[0], found[0]) == (1, 0), (missing, found)
    assert "没有随定义提交" in missing[1]


def test_two_definitions_are_compared_by_meaning(capsys, tmp_path):
    document = files.read_document(EXAMPLES[0].read_bytes())
    document["handling"][0]["clocks"]["promised"]["limit"] = 15
    del document["handling"][0]["materials"][0]
    other = tmp_path / "other.yaml"
    other.write_text(files.write_document(document), "utf-8")

    code, out, _err = run(capsys, "diff", EXAMPLES[0], other)

    assert code == 1
    assert "修改 业务办理项“新办” · 办理期限 · 承诺期限 · 期限\n  - 20\n  + 15\n" in out
    assert "删除 业务办理项“新办” · 材料“与第三者利害关系的说明”" in out
    assert "共2处不同" in out
    assert run(capsys, "diff", other, other)[:2] == (0, "两份定义内容相同\n")


def test_a_definition_is_shown_in_words_and_turned_from_one_form_into_the_other(capsys):
    code, out, _err = run(capsys, "show", DOCS / "examples" / "joint.yaml")
    assert code == 0
    assert "临时占用城市道路审批" in out and "承诺期限：15个工作日" in out and "市政审查（SZ-DL-01）" in out

    as_json = run(capsys, "show", "--as", "json", EXAMPLES[0])[1]
    assert json.loads(as_json) == files.read_document(EXAMPLES[0].read_bytes())
    as_yaml = run(capsys, "show", "--as", "yaml", EXAMPLES[0])[1]
    assert files.read_document(as_yaml) == json.loads(as_json)


def test_the_schema_is_what_the_documentation_holds(capsys):
    assert run(capsys, "schema")[1] == (DOCS / "1.0.schema.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "says"), [("a: [", "第2行"), ("- a", "一组键和值"), (None, "文件打不开")]
)
def test_a_file_that_can_not_be_read_says_so_and_which(capsys, tmp_path, content, says):
    path = tmp_path / "some.yaml"
    if content is not None:
        path.write_text(content + "\n", "utf-8")

    code, _out, err = run(capsys, "check", path)

    assert code == 2
    assert says in err and "some.yaml" in err
