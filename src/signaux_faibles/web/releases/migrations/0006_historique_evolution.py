from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0005_score_interval_and_horizons'),
    ]

    operations = [
        migrations.AddField(model_name='historique', name='is_first_alert', field=models.BooleanField(null=True)),
        migrations.AddField(model_name='historique', name='evolution', field=models.TextField(null=True)),
    ]
