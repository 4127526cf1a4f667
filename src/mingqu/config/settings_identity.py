"""Settings of accounts and sign-in."""

# We keep no e-mail: phone for citizens, user name for staff.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
