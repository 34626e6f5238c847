"""What decisions teach: what is known of each surface form, and better suggestions from it."""
