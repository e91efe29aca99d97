"""The stage on which the tests' people act: a real server, a template database, the app, two cities."""
