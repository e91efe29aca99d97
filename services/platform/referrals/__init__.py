"""Referrals: cases, board cards, consents, disclosures and the closed loop from asking to confirmed outcome."""
