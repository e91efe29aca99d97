"""One transaction, one tenant: tables' base, statements, Work, due work, embedded PostgreSQL."""
