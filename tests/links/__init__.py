"""Answering by a link, as the people of a small NPO do it: from their mail, on a page, without an account."""
