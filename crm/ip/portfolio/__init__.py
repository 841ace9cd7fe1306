"""The portfolio of a business: which of its rights protect which income, and what nothing protects."""
