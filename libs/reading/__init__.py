"""Compiled reads: GraphQL selection + grants → one SQL statement → the bytes of the answer."""
