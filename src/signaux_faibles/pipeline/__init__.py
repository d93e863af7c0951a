"""The spine: every stage called once, in order (`run`), and the release that comes out (`publish`)."""
