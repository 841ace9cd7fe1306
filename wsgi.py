"""Where a server finds the application."""

from crm.app import create_app

app = create_app()
