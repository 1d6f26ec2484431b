"""What the test run consists of, and how one suite is run."""
