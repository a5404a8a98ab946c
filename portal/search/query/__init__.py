"""A query read as codes, equipment and symptom, asked of the engine, and its best answers put in order."""
