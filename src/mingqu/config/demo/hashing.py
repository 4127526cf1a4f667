"""How a demo keeps passwords."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PrintedPassword(PBKDF2PasswordHasher):
    """
    The password of a demo's accounts is printed when it starts: to make it slow to guess would only make fifty
    accounts slow to make. Hashes made before it are read as ever.
    """

    iterations = 10_000
