"""People who sign in, the roles they hold, and the hubs with their areas."""
