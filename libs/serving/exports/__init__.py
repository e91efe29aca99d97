"""Lists as files: CSV and XLSX of what the asker's own GraphQL read answers, page by page."""
