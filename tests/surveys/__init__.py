"""Surveys: after Ines's event, answered by residents with a code and by Sato's people, without a name."""
