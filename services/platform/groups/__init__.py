"""Working groups (分科会): seats that organisations hold, and posts with an audience."""
