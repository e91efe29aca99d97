"""Referrals: cases, board cards, consents, disclosures and the closed loop from ask to outcome."""
