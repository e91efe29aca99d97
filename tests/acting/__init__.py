"""What people may do: what is offered is what is accepted, and whatever is previewed is what is so."""
