"""Bytes and text: reading bytes of any charset, and the arithmetic of GBK pairs."""
