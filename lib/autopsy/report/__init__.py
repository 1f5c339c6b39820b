"""An Autopsy as a document: Markdown to paste as an answer, one HTML file to keep, and the pieces that the page is made of.

Everything here turns values into text. What is found out, and how sure it is, is decided in the files above this folder.
"""

from lib.autopsy.report.document import to_html
from lib.autopsy.report.markdown import to_markdown
from lib.autopsy.report.subject import Exhibit, Subject, exhibits

__all__ = ["Exhibit", "Subject", "exhibits", "to_html", "to_markdown"]
