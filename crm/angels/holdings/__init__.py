"""What investors hold: tax-relief papers, quarterly updates of companies, and each investor's own portfolio."""
