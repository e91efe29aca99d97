"""What a tenant may spend: a bucket in the database, leased by each process, spent in its memory."""
