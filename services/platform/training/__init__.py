"""つながりサポーター養成講座; a course session is an event."""
