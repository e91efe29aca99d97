"""Figures, the one bridge between platforms and secretariat: submission, disclosure control, publication."""
