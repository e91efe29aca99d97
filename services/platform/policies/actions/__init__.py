"""What a coordinator does with the policy."""
