"""Flask, once. It knows no room: rooms bring themselves in their manifest."""
