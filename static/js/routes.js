// The board of routes and the list of stops. Each module listens on the document, so what is swapped in is covered.
import "./list-results.js";
import "./filter-panel.js";
