"""ARC-12: every code list stands on a page with its version; an unknown code is refused with the name of its list."""

import pytest

from mingqu.kernel.codelists import UnknownCode, all_lists, code_list


def test_every_list_has_its_page_with_version_source_and_values(client, db):
    every = client.get("/codes/").content.decode()

    for found in all_lists():
        assert f'href="/codes/{found.key}/"' in every
        assert found.title in every
    listed = code_list("rating_level")
    page = client.get("/codes/rating_level/").content.decode()
    assert listed.version in page
    for value in listed:
        assert value.name in page
    assert client.get("/codes/nothing/").status_code == 404


def test_a_code_that_no_list_has_is_refused_with_the_name_and_version_under_which_its_page_is_found():
    listed = code_list("item_type")

    with pytest.raises(UnknownCode) as refused:
        listed.require("99")

    assert refused.value.code == "unknown_code"
    for words in (listed.title, listed.key, listed.version):
        assert words in refused.value.message


def test_the_foot_of_every_page_leads_there(client, db):
    assert 'href="/codes/"' in client.get("/").content.decode()
