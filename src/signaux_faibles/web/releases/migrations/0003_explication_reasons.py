from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0002_score_flags_and_rules'),
    ]

    operations = [
        migrations.AddField(model_name='explication', name='told_by', field=models.TextField(null=True)),
        migrations.AddField(model_name='explication', name='comparison', field=models.TextField(null=True)),
        migrations.AddField(model_name='explication', name='selection', field=models.TextField(null=True)),
    ]
