"""The register of what a business owns: patents, marks, designs, works, and who holds them."""
