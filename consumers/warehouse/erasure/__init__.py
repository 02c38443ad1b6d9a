"""erasure: a person's records taken out of lake, core and quarantine, and kept out."""
