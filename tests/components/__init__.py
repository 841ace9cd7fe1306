"""Our components against the published design system's, and what every page must carry."""
