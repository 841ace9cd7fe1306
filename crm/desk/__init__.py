"""The first and the last page: home, the public pages, everybody's desk, help, and the health of the system."""
