"""What people do about membership, each in one transaction: authorize, change, record."""
