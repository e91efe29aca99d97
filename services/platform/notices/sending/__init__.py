"""How a delivery leaves the house: mail over SMTP, calls of webhooks. Nothing here touches the database."""
