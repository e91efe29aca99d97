"""What is too large for rows: objects by tenant and id, in a folder or an S3-compatible store."""
