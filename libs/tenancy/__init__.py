"""Who is asking: tenant, person, organisation, membership; from token and request to Viewer."""
