"""Answering a referral without an account: a single-purpose link, mailed to the recipient's own address."""
