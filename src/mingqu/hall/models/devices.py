"""The devices of a window."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.hall.models.halls import Window
from mingqu.kernel.fields import BlindIndexField, EncryptedTextField
from mingqu.kernel.models import Reference

CODE_PURPOSE = "hall.pairing_code"


class DeviceBridge(Reference):
    """
    What stands at a window beside the keyboard (设备), and the program on its computer that speaks for it.

    `secret` is known to that program and to us: with it the program signs what a device said (docs/devices.md). Paired
    again it is another one, so that what was signed before is worth nothing. Only `hall.services` writes it.
    """

    window = models.OneToOneField(Window, on_delete=models.PROTECT, related_name="bridge")
    devices = ArrayField(models.CharField(max_length=16), default=list, blank=True)  # codes of types.DEVICES
    code_digest = BlindIndexField(purpose=CODE_PURPOSE, null=True, unique=True)
    code_until = models.DateTimeField(null=True)
    secret = EncryptedTextField(grade="L4", default="")
    port = models.IntegerField(null=True)  # on 127.0.0.1 of the window's computer
    paired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.window)
