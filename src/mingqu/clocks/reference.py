"""Reference data of this room."""

from mingqu.kernel.reference import reference_data


@reference_data("working days")
def load_calendar() -> None:
    from mingqu.clocks.services import load_seed_calendar  # models: not before the apps are ready

    load_seed_calendar()
