"""Awards: the offer made for a successful decision, its milestones, and what the business answers."""
