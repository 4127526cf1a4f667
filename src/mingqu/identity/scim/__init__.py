"""SCIM 2 (RFC 7643, 7644): the staff register of an organ keeps accounts here in step with its own."""
