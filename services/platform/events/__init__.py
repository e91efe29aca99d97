"""Events (行事): announced by an organisation, with places that other organisations take."""
