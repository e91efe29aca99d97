"""The demo: the whole product on one machine, with two real cities and people to be."""
