"""Documents that leave the system: pages that stand alone and print, and Word files. Values in, text or bytes out."""
