"""What published definitions cite of laws, and how it stands."""
