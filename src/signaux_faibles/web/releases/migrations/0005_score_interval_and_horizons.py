from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0004_document'),
    ]

    operations = [
        migrations.AddField(model_name='score', name='probability_low', field=models.FloatField(null=True)),
        migrations.AddField(model_name='score', name='probability_high', field=models.FloatField(null=True)),
        migrations.AddField(model_name='score', name='probability_3m', field=models.FloatField(null=True)),
        migrations.AddField(model_name='score', name='probability_6m', field=models.FloatField(null=True)),
        migrations.AddField(model_name='score', name='probability_12m', field=models.FloatField(null=True)),
    ]
