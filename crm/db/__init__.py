"""SQLAlchemy, once: the base of all tables, the session, the types, and how states and fields change."""
