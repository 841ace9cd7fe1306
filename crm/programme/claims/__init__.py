"""Claims against accepted awards: costs with their invoices, evidence for milestones, changes, and money paid back."""
