"""
A rating is of a service contact, by whatever channel: what there is was of the result (online) or of its handing out
(at the device of a window). Backwards it is refused whole where one channel has rated two contacts of a case, as the
constraint of before had room for one; nothing is lost then.
"""

from django.db import migrations, models

CHANNELS = [
    ('online', '网上'), ('code', '凭查询码'), ('qr', '扫码'), ('kiosk', '自助机'), ('window', '窗口评价器'), ('screen', '窗口屏幕'),
]
CONTACTS = [('filing', '提交申请'), ('result', '办理结果'), ('pickup', '窗口领取结果')]


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0004_rated_at_a_window'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rating',
            name='channel',
            field=models.CharField(choices=CHANNELS, default='online', max_length=12),
        ),
        migrations.AddField(
            model_name='rating',
            name='contact',
            field=models.CharField(choices=CONTACTS, db_default='result', default='result', max_length=8),
        ),
        migrations.AddField(
            model_name='followup',
            name='contact',
            field=models.CharField(db_default='result', default='result', max_length=8),
        ),
        migrations.RunSQL(
            "UPDATE evaluation_rating SET contact = 'pickup' WHERE channel = 'window';"
            "UPDATE evaluation_followup SET contact = 'pickup' WHERE channel = 'window'",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(model_name='rating', name='rating_once'),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('root_id', 'contact'), name='rating_once_a_contact'),
        ),
    ]
