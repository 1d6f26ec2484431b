"""Cars on a ring road, in several files: run it by `python -m traffic_sim` or its __main__.py."""
