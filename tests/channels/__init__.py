"""One matrix over all channels: what of a referral reaches whom, in which state, on which basis, and how."""
