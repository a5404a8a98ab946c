"""Evidence of qualifications: papers as they were answered, checklists as they were signed."""
