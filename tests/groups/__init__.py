"""Working groups as their people meet them."""
