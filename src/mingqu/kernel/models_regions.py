"""Reference tables of regions. Codes are plain columns: no table points here by key, codes outlive rows."""

from django.db import models

from mingqu.kernel.models import Reference


class Region(Reference):
    """
    One name of one division code for a time (行政区划, 12 digits).

    A code that changed its name has several rows; a code is never deleted, because people's numbers and
    old certificates carry it for ever. The list knows years, not days: in the year of a change both the
    old and the new row are valid, and the newer one wins. Only `kernel.regions` writes.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        CITY = "city", "地级"
        COUNTY = "county", "县级"
        TOWN = "town", "乡级"
        VILLAGE = "village", "村级"

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=8, choices=Level)
    parent_code = models.CharField(max_length=12, blank=True)
    valid_from = models.DateField(null=True, blank=True)  # NULL: since before the list begins (1980)
    valid_until = models.DateField(null=True, blank=True)  # first day no longer valid; NULL: still valid
    list_version = models.CharField(max_length=32)  # which list said so: mca-2026-09-11, demo, local
    training = models.BooleanField(default=False)  # 培训区域, with all below it: `kernel.training`

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "name", "valid_from"], name="region_spell_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="region_ends_after_it_begins",
                condition=models.Q(valid_until=None)
                | models.Q(valid_from=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["parent_code"], name="region_parent")]

    def __str__(self) -> str:
        return self.name


class RegionChange(Reference):
    """
    One event of the list: renamed, merged, raised to a city, given another code.

    `old_code` or `new_code` is "" where a region began or ended with nothing on that side.
    """

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)  # the list's own word: 更名 撤县设区 同名改码 码位改派 ...
    old_code = models.CharField(max_length=12, blank=True)
    old_name = models.CharField(max_length=64, blank=True)
    new_code = models.CharField(max_length=12, blank=True)
    new_name = models.CharField(max_length=64, blank=True)
    document = models.CharField(max_length=64, blank=True)  # 国函〔2021〕29号

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind", "old_code", "old_name", "new_code", "new_name"],
                name="region_change_once",
            ),
        ]
        indexes = [models.Index(fields=["old_code", "year"], name="region_change_old")]

    def __str__(self) -> str:
        return f"{self.year} {self.kind} {self.old_name} → {self.new_name}"
