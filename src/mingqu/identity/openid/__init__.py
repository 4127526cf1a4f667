"""OpenID Connect in both directions: an account here opens applications elsewhere, one from outside opens this."""
