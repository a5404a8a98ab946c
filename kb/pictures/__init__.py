"""Pictures and short videos of articles, guides and manuals: described, served by who may read what shows them."""
