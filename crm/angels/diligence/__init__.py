"""Due diligence: what an introduced investor asks of a business, what it answers, and who may read the answer."""
