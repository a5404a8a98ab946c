"""Line drawings of the demo, written by script: ``python -m portal.demo.drawings`` writes them beside the demo's data."""
