"""Feeds of other councils: read page by page, looked through, and taken into the directory to be checked."""
