from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="shortlistentry",
            name="removed_at",
            field=models.DateTimeField(
                editable=False, help_text="Taken off; kept with its note, so that an undo brings it back.", null=True
            ),
        )
    ]
