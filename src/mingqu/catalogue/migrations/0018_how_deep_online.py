from django.db import migrations, models

ORDER = ("information", "preliminary", "originals", "full")
NEEDED = ("form", "clocks", "decide", "result")


def level(handling):
    """As catalogue/depth.py had it when the column was made."""
    if any(step.get("where") == "link" for step in [*handling.get("steps", []), handling["decide"]]):
        return "information"
    if any(material.get("source", {}).get("kind") == "paper" for material in handling.get("materials", [])):
        return "preliminary"
    return "originals" if handling.get("visits") else "full"


def what_is_offered_gets_its_depth(apps, schema_editor):
    items = apps.get_model("catalogue", "ServiceItem").objects.using(schema_editor.connection.alias)
    for item in items.exclude(current=None).filter(applicable=True).select_related("current").iterator(200):
        whole = [h for h in item.current.document.get("handling", []) if all(h.get(name) for name in NEEDED)]
        depth = min(map(level, whole), key=ORDER.index, default="information")
        items.filter(pk=item.pk).update(depth=depth)


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0017_planned_publication"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceitem",
            name="depth",
            field=models.CharField(default="information", max_length=12),
        ),
        migrations.RunPython(what_is_offered_gets_its_depth, migrations.RunPython.noop),
    ]
