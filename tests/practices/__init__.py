"""Good practices between platforms."""
