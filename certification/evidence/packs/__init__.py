"""Evidence packs: all that an answer of the duty gate rests on, signed, for strangers to check without the portal."""
