"""
Reference data that every installation has (code lists, regions, working days).

A room registers a loader in its reference.py; `mingqu migrate` runs them all after the migrations, in the
order of registration. A loader is idempotent and quick when nothing is new.
"""

from collections.abc import Callable

LOADERS: dict[str, Callable[[], None]] = {}


def reference_data(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def register(load: Callable[[], None]) -> Callable[[], None]:
        LOADERS[name] = load
        return load

    return register


def load_all() -> None:
    for load in LOADERS.values():
        load()


@reference_data("regions")
def load_regions() -> None:
    from mingqu.kernel.regions import load_national_list  # a module of models: not before the apps are ready

    load_national_list()
