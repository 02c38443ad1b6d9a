"""edXML, the national e-document message (QCVN 102:2016/BTTTT), as events of our contracts."""
