"""What coordinators set, and what an application must agree to."""
