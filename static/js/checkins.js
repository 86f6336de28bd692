// The check-in list. Each module listens on the document, so results that are swapped in are covered too.
import "./list-results.js";
import "./filter-panel.js";
import "./column-chooser.js";
import "./condition-builder.js";
import "./gallery.js";
import "./pictures.js";
import "./report.js";
import "./selection.js";
