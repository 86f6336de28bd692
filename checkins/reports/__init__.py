"""Reports of check-ins, by filter or chosen: workbook, CSV, paper, and Navixy's own files."""
