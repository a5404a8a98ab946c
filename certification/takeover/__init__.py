"""Take over what was shown before the portal was there: certificates, papers, practicals and hours."""
