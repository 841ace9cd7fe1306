"""The calendar of markets and festivals, and the export plan of a business: countries, routes, tasks and barriers."""
