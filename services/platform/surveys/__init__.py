"""Surveys: an organiser's form, answered without a name; nothing kept says whose an answer is."""
