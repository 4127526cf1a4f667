"""
The demo district 澜州市清禾区: fictional, made by the commands of production, loaded into a demo installation only.

`load()` is idempotent; `summary()` says which accounts there are.
"""

from django.conf import settings
from django.utils import timezone


def load() -> None:
    """Regions, district, people and their applications. Raises RuntimeError outside a demo installation."""
    if not settings.MINGQU_DEMO:
        raise RuntimeError("demo data never loads into a real site")
    from mingqu.config.commands.installation import progress
    from mingqu.config.demo import district, lists_in_force, stories, together, walk_ins
    from mingqu.kernel import regions

    at = timezone.now()
    regions.load_demo_district()
    progress("departments, posts, services")
    district.build(at)
    lists_in_force.build(at)
    stories.tell(at, progress)
    walk_ins.tell(at, progress)
    together.tell(at, progress)


def summary() -> list[str]:
    """Lines for the person who started the demo."""
    from mingqu.config.demo import district, stories

    base = settings.MINGQU_BASE_URL
    lines = [
        "People sign in with a telephone number; the code appears at " + f"{base}/double/sms/",
        *(f"  {story.phone}  {story.person}  {story.shop}" for story in stories.STORIES[:5]),
        f"Staff sign in at {base}/staff/sign-in/ with this password: {district.PASSWORD}",
        *(f"  {seat.username:12} {seat.person}  {seat.name}" for seat in district.SEATS),
        f"Their one-time codes are shown at {base}/double/codes/",
    ]
    return lines
