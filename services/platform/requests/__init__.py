"""A person asks for help themselves: by the public page, without an account; they come back by a code."""
