"""What tells a person's story, encrypted under a key per case: erasing the key erases the story everywhere.

Text → case key → tenant key → master key. Wrapped keys live in a key store of their own, outside the
database, its WAL and its backups, so that a restored backup cannot bring an erased person back.
"""
