"""What follows every migration in this room."""

from mingqu.kernel.reference import reference_data


@reference_data("search")
def fill_search() -> None:
    from mingqu.catalogue.search.rebuilding import fill_if_empty  # models: not before the apps are ready

    fill_if_empty()


@reference_data("citations")
def keep_citations() -> None:
    from mingqu.catalogue.affected.services import keep_missing

    keep_missing()
