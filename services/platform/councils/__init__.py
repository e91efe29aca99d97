"""The statutory council (孤独・孤立対策地域協議会): its register of members, and the notice made of it."""
