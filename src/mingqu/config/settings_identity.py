"""Settings of accounts and sign-in."""

import os

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["mingqu.identity.backends.StandingBackend"]
LOGIN_URL = "identity:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Sessions are encrypted rows: a pending sign-in holds a telephone number, an enrolment a TOTP secret.
SESSION_ENGINE = "mingqu.identity.sessions"
SESSION_COOKIE_NAME = "mingqu_session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
# Seconds without a request after which a session ends, and its longest life (GB/T 22239-2019 8.1.4.1 b).
MINGQU_SESSION_IDLE = {"citizen": 3600, "staff": 1800, "kiosk": 600}
# A self-service terminal: after so much silence it asks whether anybody is there, and so long it waits for an answer.
MINGQU_KIOSK_SECONDS = {"silence": 120, "answer": 60}
MINGQU_SESSION_LONGEST = {"citizen": 12 * 3600, "staff": 12 * 3600}

# Complexity is checked by identity.rules.password_weakness; this adds the list of common passwords.
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}]
MINGQU_PASSWORD_DAYS = int(os.environ.get("MINGQU_PASSWORD_DAYS", "180"))

# Registers asked who somebody is (identity/sources); in a demo its own, elsewhere none without an address.
MINGQU_POPULATION_URL = os.environ.get("MINGQU_POPULATION_URL", "")
MINGQU_FACE_URL = os.environ.get("MINGQU_FACE_URL", "")
MINGQU_FACE_TOKEN_FILE = os.environ.get("MINGQU_FACE_TOKEN_FILE", "")
MINGQU_FIRMS_URL = os.environ.get("MINGQU_FIRMS_URL", "")
MINGQU_REGISTER_TOKEN_FILE = os.environ.get("MINGQU_REGISTER_TOKEN_FILE", "")

# Days: in which who closes her account may change her mind; in which the old number hears of a change of number asked
# online, and may stop it; for which a copy of one's data can be taken.
MINGQU_CLOSING_DAYS = int(os.environ.get("MINGQU_CLOSING_DAYS", "7"))
MINGQU_RECOVERY_DAYS = int(os.environ.get("MINGQU_RECOVERY_DAYS", "3"))
MINGQU_COPY_DAYS = int(os.environ.get("MINGQU_COPY_DAYS", "7"))

# An outside identity service people may sign in with (OpenID Connect): its issuer (empty: none), our client id there,
# the file (0600) with our secret, its name on the button, and which of its acr is which level: "acr=2 other=3".
MINGQU_OUTSIDE_ISSUER = os.environ.get("MINGQU_OUTSIDE_ISSUER", "")
MINGQU_OUTSIDE_CLIENT = os.environ.get("MINGQU_OUTSIDE_CLIENT", "")
MINGQU_OUTSIDE_SECRET_FILE = os.environ.get("MINGQU_OUTSIDE_SECRET_FILE", "")
MINGQU_OUTSIDE_NAME = os.environ.get("MINGQU_OUTSIDE_NAME", "")
MINGQU_OUTSIDE_LEVELS = os.environ.get("MINGQU_OUTSIDE_LEVELS", "")

# How often, in how many seconds (identity/services/limits.py). An address is one of IPv4 or a /64 of IPv6.
MINGQU_LIMITS = {
    "code_phone_pause": (1, 60),
    "code_phone_day": (10, 24 * 3600),
    "code_phone_address_day": (7, 24 * 3600),
    "code_address_hour": (60, 3600),
    "code_attempt": (5, 15 * 60),
    "email_code_day": (10, 24 * 3600),
    "email_code_attempt": (5, 15 * 60),
    "notify_service_minute": (3000, 60),
    "password_account": (5, 15 * 60),
    "password_account_anywhere": (50, 15 * 60),
    "password_address": (50, 15 * 60),
    "second_factor_account": (5, 15 * 60),
    "passkey_address": (30, 60),
    "kept_address": (30, 10 * 60),
    "verify_address": (60, 10 * 60),
    "progress_address": (30, 10 * 60),
    "phone_code_address": (20, 10 * 60),
    "draft_code_address": (20, 10 * 60),
    "draft_address_hour": (300, 3600),
    "upload_address_hour": (600, 3600),
    "many_person_day": (30, 24 * 3600),
    "search_noted_address": (60, 10 * 60),
    # Search, suggestions, lists: a hall of 200 people behind one address, each with a page every ten seconds, and more.
    "reading_address": (15_000, 10 * 60),
    "people_searched": (120, 3600),
    "voice_person_day": (10, 24 * 3600),
    "consent_code_person": (5, 3600),  # codes sent to one person by agents who want to act for her
    "consent_code_try": (5, 600),  # codes typed for one errand
    "real_name_person": (5, 24 * 3600),
    "real_name_person_number": (2, 24 * 3600),
    "real_name_number": (5, 24 * 3600),
    "firm_asked_person": (10, 24 * 3600),
    "own_copy_person": (1, 3600),
    "face_person": (5, 24 * 3600),
    "recovery_address": (10, 24 * 3600),
    "recovery_number_address": (3, 24 * 3600),
    "recovery_number": (10, 24 * 3600),
    "recovery_phone": (3, 24 * 3600),
    "capacity_offered_person": (10, 24 * 3600),
    "hall_person_day": (60, 24 * 3600),
    "hall_number_address": (120, 10 * 60),
    "hall_check_in_address": (60, 10 * 60),
    "courier_callback_address": (6_000, 10 * 60),
    "device_pairing_address": (20, 10 * 60),
    "device_rating_address": (600, 10 * 60),
    "rating_address": (120, 10 * 60),  # ratings without an account; a hall's terminals have one address
    "payment_callback_address": (6_000, 10 * 60),
    "exchange_callback_address": (6_000, 10 * 60),
    "payment_person_hour": (60, 3600),
    "openid_address": (6_000, 10 * 60),
    "scim_address": (6_000, 10 * 60),
    "openid_secret": (50, 15 * 60),
    "scan_address": (120, 10 * 60),
    "scan_person": (30, 10 * 60),
    "outside_address": (120, 10 * 60),
}
# With a proxy in front, the address is the last one it appended; without, headers are not believed.
MINGQU_BEHIND_PROXY = os.environ.get("MINGQU_BEHIND_PROXY", "") in {"1", "true", "yes"}

# allauth gives sign-in its flows and second factors; of its pages none is routed, e-mail is not used at all.
ACCOUNT_ADAPTER = "mingqu.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
# allauth counts attempts in the cache, which each web process has for itself; ours count in the database.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_ADAPTER = "mingqu.identity.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
