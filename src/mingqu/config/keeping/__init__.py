"""
Backups of an installation and how they come back: what `mingqu backup`, `restore` and `drill` are made of.

A backup is a folder of its own on a shelf; the shelf holds the stored files of all its backups once, since a file's
name is the digest of its content and never means another. The master key is never in it. No Django here.
"""
